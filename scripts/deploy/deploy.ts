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
import { type DeployRecord, newSecret, openRecord, recordFile } from './record.ts';
import { readMigrations, releaseOf } from './release.ts';
import { runSteps, type Step } from './steps.ts';
import { expectWrangler, readCredentials, type Wrangler } from './wrangler.ts';

/** What a deploy reaches the world with. */
export interface Tools {
  wrangler: Wrangler;
  /** Builds what the Worker contains besides its own code. */
  build: () => Promise<void>;
  say: (text: string) => void;
  env: NodeJS.ProcessEnv;
  /** Milliseconds to wait for an upload to be served. */
  patienceMs: number;
}

const API = 'https://api.cloudflare.com/client/v4';
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
    options,
  };
  const plan = planDeploy(situation);
  tools.say(renderPlan(situation, plan));
  if (options.dryRun) return tools.say('\nDry run: nothing was changed.');
  const wrangler: Wrangler = (args) => tools.wrangler([...args, '--config', configFileOf(environment)]);
  const make = [accountSteps, serviceSteps].flatMap((steps) => steps(situation, plan, record, { ...tools, wrangler }));
  await runSteps(
    make.filter((step) => step !== false),
    tools.say,
  );
  tools.say(`\n${environment.worker} is at ${situation.origin}\n\n${renderCosts()}`);
}

/** Throws an Error for a Node that wrangler or the scripts do not run on. */
export function expectNode(version: string): void {
  if (Number(version.split('.')[0]) >= MIN_NODE) return;
  throw new Error(`This needs Node ${MIN_NODE}, which npm ci installs, and runs on ${version}. Use npm run deploy.`);
}

/** Steps that change the account. */
function accountSteps(situation: Situation, plan: Plan, record: DeployRecord, tools: Tools): (Step | false)[] {
  const { config, deployed, environment, folder, release, options } = situation;
  const migrate: Step = {
    name: 'migrate the database',
    run: async () => void (await expectWrangler(tools.wrangler, ['d1', 'migrations', 'apply', 'DB', '--remote'])),
  };
  const isPending = plan.migrate.names.length > 0;
  return [
    plan.secrets.length > 0 && { name: 'make the secrets', run: async () => makeSecrets(plan, options, record) },
    {
      name: 'write the configuration',
      run: async () => {
        record.set({ FOLDER: folder });
        writeConfig(environment, complete(config, deployed, release));
      },
    },
    isPending && plan.migrate.when === 'before' && migrate,
    plan.upload && { name: 'upload the Worker', run: () => upload(situation, plan, record, tools) },
    isPending && plan.migrate.when === 'after' && migrate,
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

function makeSecrets({ secrets }: Plan, { rotate }: DeployOptions, record: DeployRecord): void {
  for (const name of secrets)
    if (record.get(name) === undefined || rotate.includes(name)) record.set({ [name]: newSecret(name) });
}

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
