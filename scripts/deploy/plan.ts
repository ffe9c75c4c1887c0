import type { Unstable_RawConfig as RawConfig } from 'wrangler';
import type { Account, Deployed, Found } from './account.ts';
import { type Environment, REQUIRED_SECRETS, resourceName } from './config.ts';
import type { DeployOptions } from './options.ts';
import type { SecretName } from './record.ts';

/** All facts that decide about a deploy. */
export interface Situation {
  environment: Environment;
  account: Account;
  /** Of the environment, without its release. */
  config: RawConfig;
  deployed: Deployed;
  /** Record of this machine about the environment. */
  record: {
    file: string;
    isNew: boolean;
    folder: string | undefined;
    release: string | undefined;
    hasBootstrapToken: boolean;
  };
  /** The folder that is deployed. */
  folder: string;
  /** Address of the service. */
  origin: string;
  release: string;
  migrations: string[];
  /** Those of them that only take something away. */
  drops: string[];
  options: DeployOptions;
}

/** Steps of a deploy. Pure data: the text and the steps are made from it. */
export interface Plan {
  isFirst: boolean;
  /** Secrets to upload; those without a recorded value are made. */
  secrets: SecretName[];
  /** Resources that wrangler will create, such as `D1 database portico-db`. */
  creates: string[];
  upload: boolean;
  /**
   * Migrations to apply before the upload, because the code that runs can work with new tables, and after it: those that take something away, or
   * all, when the upload creates the database.
   */
  migrate: { before: string[]; after: string[] };
  /** Create the first admin, then delete the bootstrap token. */
  admin: boolean;
}

/** Decides what a deploy does. Throws an Error when it would touch what belongs to another environment. */
export function planDeploy(situation: Situation): Plan {
  refuseForeign(situation);
  const { config, deployed, record, release, options } = situation;
  const { bindings } = deployed;
  const isFirst = bindings === null;
  const isSet = (name: string): boolean => bindings?.get(name)?.type === 'secret_text';
  const admin = isFirst || deployed.migrations === null || isSet('BOOTSTRAP_TOKEN');
  const secrets: SecretName[] = REQUIRED_SECRETS.filter((name) => !isSet(name) || options.rotate.includes(name));
  if (admin && !(isSet('BOOTSTRAP_TOKEN') && record.hasBootstrapToken)) secrets.push('BOOTSTRAP_TOKEN');
  const isCurrent = bindings?.get('RELEASE')?.text === release && record.release === release;
  const creates = missing(config, deployed);
  return {
    isFirst,
    secrets,
    creates,
    upload: options.force || !isCurrent || secrets.length > 0 || creates.length > 0,
    migrate: planMigrations(situation),
    admin,
  };
}

function planMigrations({ migrations, deployed, drops }: Situation): Plan['migrate'] {
  const pending = migrations.filter((name) => !deployed.migrations?.includes(name));
  if (deployed.migrations === null) return { before: [], after: pending };
  // Without a Worker, no code uses what a migration takes away.
  const isLate = (name: string): boolean => deployed.bindings !== null && drops.includes(name);
  return { before: pending.filter((name) => !isLate(name)), after: pending.filter(isLate) };
}

/** Refuses to take over what another Worker has, and, without --adopt, what was not deployed from this folder of this machine. */
function refuseForeign({ environment, deployed, record, folder, options }: Situation): void {
  const { worker } = environment;
  const foreign = deployed.found.find(({ owner }) => owner !== null && owner !== worker);
  if (foreign !== undefined)
    throw new Error(
      `The ${foreign.kind} ${foreign.name} belongs to the Worker ${foreign.owner}. Deploying ${worker} would take it over. Choose another --env, or another name in wrangler.toml.`,
    );
  const known = [...(deployed.bindings ? [`the Worker ${worker}`] : []), ...deployed.found.map(titleOf)];
  const isOurs = !record.isNew && (record.folder === undefined || record.folder === folder);
  if (isOurs || options.adopt || known.length === 0) return;
  const from = record.isNew ? `${record.file} does not exist` : `it was deployed from ${record.folder}`;
  throw new Error(
    `The account already has ${known.join(', ')}, which was not deployed from here: ${from}. If it is this service, add --adopt. Otherwise choose another --env.`,
  );
}

const titleOf = ({ kind, name }: Pick<Found, 'kind' | 'name'>): string => `the ${kind} ${name}`;

/** Names the resources of a configuration that do not exist. */
function missing(config: RawConfig, { found, bindings }: Deployed): string[] {
  const has = (binding: string): boolean =>
    bindings?.has(binding) === true || found.some((one) => one.binding === binding);
  const wanted = [
    ...(config.d1_databases ?? []).map((one) => ({ binding: one.binding, title: `D1 database ${one.database_name}` })),
    ...(config.kv_namespaces ?? []).map(({ binding }) => ({
      binding,
      title: `KV namespace ${resourceName(config.name ?? '', binding)}`,
    })),
    ...(config.r2_buckets ?? []).map((one) => ({ binding: one.binding, title: `R2 bucket ${one.bucket_name}` })),
    ...(config.workflows ?? []).map((one) => ({ binding: one.binding, title: `Workflow ${one.name}` })),
  ];
  return wanted.filter(({ binding }) => !has(binding)).map(({ title }) => title);
}

/** Renders a plan for the terminal. */
export function renderPlan(situation: Situation, plan: Plan): string {
  const { environment, account, record, origin, options } = situation;
  const { name, worker } = environment;
  const lines = [
    `Account      ${account.name} (${account.id})`,
    `Environment  ${name ?? 'production'}: the Worker ${worker}, ${plan.isFirst ? 'new' : 'which exists'}`,
    `Address      ${origin}`,
    `Secrets      ${record.file} (mode 0600)`,
    '',
    'This deploy will:',
    ...actionsOf(plan, options.smoke).map((action) => `  - ${action}`),
  ];
  return lines.join('\n');
}

function actionsOf({ secrets, creates, upload, migrate, admin, isFirst }: Plan, smoke: boolean): string[] {
  const migration = (names: string[]): string[] =>
    names.length === 0 ? [] : [`apply ${names.length} migrations: ${names.join(', ')}`];
  return [
    ...migration(migrate.before),
    ...(upload ? [`upload the Worker${isFirst ? '' : ', which has changed'}`] : ['not upload: nothing has changed']),
    ...creates.map((title) => `create the ${title}`),
    ...(secrets.length === 0 ? [] : [`set ${secrets.join(', ')}`]),
    ...migration(migrate.after),
    ...(admin ? ['create the user admin, print its password once, and delete BOOTSTRAP_TOKEN'] : []),
    smoke ? 'publish and call test functions at the address, and remove them' : 'ask for the health of the service',
  ];
}
