import { rmSync } from 'node:fs';
import type { Unstable_RawConfig as RawConfig } from 'wrangler';
import { writePrivately } from '../private-file.ts';
import { findAccount, readDeployed, type Deployed } from './account.ts';
import { createCloudflare } from './cloudflare.ts';
import { configFileOf, readWranglerToml, writeConfig } from './config-file.ts';
import { configOf, originOf, toEnvironment } from './config.ts';
import { renderCosts } from './cost.ts';
import { checkService, createAdmin, waitForRelease } from './live.ts';
import type { DeployOptions } from './options.ts';
import { type Plan, planDeploy, renderPlan, type Situation } from './plan.ts';
import { lockEnvironment } from './lock.ts';
import { onlyDrops, withMigrations } from './migrations.ts';
import { type DeployRecord, expectUsable, newSecret, openRecord, recordFile } from './record.ts';
import { readMigrations, releaseOf } from './release.ts';
import { runSteps, type Step } from './steps.ts';
import { expectWrangler, readCredentials, type Wrangler } from './wrangler.ts';

/** Connections of a deploy to the world. */
export interface Tools {
  wrangler: Wrangler;
  /** Builds what the Worker contains besides its own code. */
  build: () => Promise<void>;
  say: (text: string) => void;
  /** Asks for a secret at the terminal; null where there is none. */
  ask: (question: string) => Promise<string | null>;
  env: NodeJS.ProcessEnv;
  /** Milliseconds to wait for an upload to be served. */
  patienceMs: number;
}

/** The same for one account. */
interface DeployTools extends Tools {
  /** Reads what the account has again. */
  reread: () => Promise<Deployed>;
}

export const API = 'https://api.cloudflare.com/client/v4';
const MIN_NODE = 24;

/** Deploys an environment: reads what the account has, says what it will do, and does it in steps. */
export async function deploy(options: DeployOptions, tools: Tools): Promise<void> {
  expectNode(process.versions.node);
  const raw = readWranglerToml();
  const environment = toEnvironment(raw, options.env);
  const config = configOf(raw, environment);
  await tools.build();
  const cloudflare = createCloudflare(tools.env.CLOUDFLARE_API_BASE_URL ?? API, await readCredentials(tools.wrangler));
  const account = await findAccount(cloudflare, tools.env.CLOUDFLARE_ACCOUNT_ID);
  const deployed = await readDeployed(cloudflare, account.id, config);
  const record = openRecord(recordFile(tools.env, account.id, environment.worker));
  const situation: Situation = {
    environment,
    account,
    config,
    deployed,
    record: {
      file: record.file,
      isNew: record.isNew,
      folder: record.get('FOLDER'),
      release: record.get('RELEASE'),
      hasBootstrapToken: record.get('BOOTSTRAP_TOKEN') !== undefined,
    },
    folder: process.cwd(),
    origin: options.url ?? originOf(config, account.subdomain),
    release: releaseOf(config),
    migrations: readMigrations(),
    drops: readMigrations().filter((name) => onlyDrops(name)),
    options,
  };
  const plan = planDeploy(situation);
  tools.say(renderPlan(situation, plan));
  if (options.dryRun) return tools.say('\nDry run: nothing was changed.');
  const unlock = lockEnvironment(record.file);
  try {
    await carryOut(situation, plan, record, { ...tools, reread: () => readDeployed(cloudflare, account.id, config) });
  } finally {
    unlock();
  }
}

/** Carries a plan out. */
async function carryOut(situation: Situation, plan: Plan, record: DeployRecord, tools: DeployTools): Promise<void> {
  const { environment } = situation;
  const wrangler: Wrangler = (args) => tools.wrangler([...args, '--config', configFileOf(environment)]);
  const make = [accountSteps, serviceSteps].flatMap((steps) => steps(situation, plan, record, { ...tools, wrangler }));
  await runSteps(
    make.filter((step) => step !== false),
    tools.say,
  );
  tools.say(`\n${environment.worker} is at ${situation.origin}\n\n${renderCosts()}`);
}

/** Throws an Error when another machine has deployed since the plan was made: it may plan something else. */
function expectUnchanged({ deployed }: Situation, now: Deployed): void {
  const release = ({ bindings }: Deployed): string | undefined => bindings?.get('RELEASE')?.text;
  if (release(now) !== release(deployed) || (now.bindings === null) !== (deployed.bindings === null))
    throw new Error('Another deploy has changed the Worker since this one began.');
}

/** Throws an Error for a Node that wrangler or the scripts do not run on. */
export function expectNode(version: string): void {
  if (Number(version.split('.')[0]) >= MIN_NODE) return;
  throw new Error(`This needs Node ${MIN_NODE}, which npm ci installs, and runs on ${version}. Use npm run deploy.`);
}

/** Steps that change the account. */
function accountSteps(situation: Situation, plan: Plan, record: DeployRecord, tools: DeployTools): (Step | false)[] {
  const { config, deployed, environment, folder, release } = situation;
  const { before, after } = plan.migrate;
  const write = (changes: Partial<RawConfig> = {}): void =>
    void writeConfig(environment, { ...complete(config, deployed, release), ...changes });
  const apply = async (): Promise<void> =>
    void (await expectWrangler(tools.wrangler, ['d1', 'migrations', 'apply', 'DB', '--remote']));
  const applyOnly = (names: readonly string[]): Promise<void> =>
    withMigrations(names, async (folder) => {
      write({ d1_databases: (config.d1_databases ?? []).map((one) => withFolder(one, folder)) });
      try {
        await apply();
      } finally {
        write();
      }
    });
  return [
    plan.secrets.length > 0 && { name: 'make the secrets', run: () => makeSecrets(plan, situation, record, tools.ask) },
    {
      name: 'write the configuration',
      run: async () => {
        record.set({ FOLDER: folder });
        write();
      },
    },
    before.length > 0 && {
      name: 'migrate the database',
      run: after.length === 0 ? apply : () => applyOnly(before),
    },
    plan.upload && {
      name: 'upload the Worker',
      run: async () => {
        expectUnchanged(situation, await tools.reread());
        await upload(situation, plan, record, tools);
      },
    },
    after.length > 0 && {
      name: before.length > 0 ? 'drop what is not used any more' : 'migrate the database',
      run: apply,
    },
  ];
}

/** Steps that use the service at its address. */
function serviceSteps(situation: Situation, plan: Plan, record: DeployRecord, tools: Tools): (Step | false)[] {
  const { origin, release, options } = situation;
  const { wrangler, say, env } = tools;
  const deleteToken = async (): Promise<void> => {
    await expectWrangler(wrangler, ['secret', 'delete', 'BOOTSTRAP_TOKEN']);
    record.set({ BOOTSTRAP_TOKEN: undefined });
  };
  const check = (): Promise<void> => {
    const password = record.get('DEPLOY_PASSWORD') ?? env.DEPLOY_PASSWORD;
    return checkService(origin, { password, file: record.file }, say);
  };
  return [
    { name: 'reach the service', run: () => waitForRelease(origin, release, tools.patienceMs) },
    plan.admin && { name: 'create the admin', run: () => createAdmin(origin, record, say) },
    plan.admin && { name: 'delete the bootstrap token', run: deleteToken },
    options.smoke && { name: 'check the service', run: check },
  ];
}

/** Records the secrets of a plan: as they are recorded, as they are typed where nothing is recorded yet, or new ones. */
async function makeSecrets(
  { secrets }: Plan,
  { options, record: { isNew } }: Situation,
  record: DeployRecord,
  ask: Tools['ask'],
): Promise<void> {
  for (const name of secrets) {
    if (record.get(name) !== undefined && !options.rotate.includes(name)) continue;
    const typed = isNew && name !== 'BOOTSTRAP_TOKEN' ? await ask(`${name}, or nothing to make a new one: `) : null;
    if (typed) expectUsable('the terminal', name, typed);
    record.set({ [name]: typed || newSecret(name) });
  }
}

const withFolder = <T extends { binding: string }>(database: T, folder: string): T =>
  database.binding === 'DB' ? { ...database, migrations_dir: folder } : database;

/** Adds the release, and the id of a namespace that an interrupted first deploy left: wrangler finds all else by name. */
function complete(config: RawConfig, { found, bindings }: Deployed, release: string): RawConfig {
  const idOf = (binding: string): { id?: string } => {
    const left = bindings?.has(binding) ? undefined : found.find((one) => one.binding === binding);
    return left ? { id: left.id } : {};
  };
  return {
    ...config,
    kv_namespaces: (config.kv_namespaces ?? []).map((one) => ({ ...idOf(one.binding), ...one })),
    vars: { ...config.vars, RELEASE: release },
  };
}

/** Uploads with the secrets of the plan, which wrangler reads from a file: as JSON, because it would expand `$` in others. */
async function upload({ release }: Situation, { secrets }: Plan, record: DeployRecord, tools: Tools): Promise<void> {
  const file = `${record.file}.upload.json`;
  const given = secrets.length > 0 ? ['--secrets-file', file] : [];
  record.set({ RELEASE: undefined });
  try {
    if (secrets.length > 0)
      writePrivately(file, JSON.stringify(Object.fromEntries(secrets.map((name) => [name, record.get(name)]))));
    await expectWrangler(tools.wrangler, ['deploy', ...given]);
  } finally {
    rmSync(file, { force: true });
  }
  record.set({ RELEASE: release });
}
