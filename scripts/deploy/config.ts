import type { Unstable_RawConfig as RawConfig } from 'wrangler';

/** Secrets that a deployed service needs. Wrangler refuses a deploy of a Worker that lacks one of them. */
export const REQUIRED_SECRETS = ['AUTH_SECRET', 'KEY_PEPPER', 'SECRETS_KEY'] as const;

/** Settings of wrangler.toml that name nothing outside their Worker: every environment has them. */
const SHARED = [
  'main',
  'compatibility_date',
  'compatibility_flags',
  'keep_names',
  'limits',
  'observability',
  'rules',
  'assets',
  'durable_objects',
  'exports',
  'worker_loaders',
  'version_metadata',
  'triggers',
] as const satisfies readonly (keyof RawConfig)[];
/** Settings with names that are unique in an account: every environment has names of its own. */
const NAMED = ['d1_databases', 'kv_namespaces', 'r2_buckets', 'workflows'] as const;
/** Settings of one environment alone: production has them at the top of wrangler.toml, another one in its `[env.NAME]`. */
const OWN = ['routes', 'route', 'workers_dev', 'pipelines'] as const;
/** Settings that `[env.NAME]` may replace. It cannot name a database, a bucket or the like, so that it cannot name those of another environment. */
const REPLACEABLE: readonly string[] = [...OWN, 'vars', 'limits', 'observability', 'triggers'];
const KNOWN: readonly string[] = [...SHARED, ...NAMED, ...OWN, 'name', 'vars', 'build', 'env'];

/** An environment: null is production. Its Worker, and the names of all its resources, begin with `worker`. */
export interface Environment {
  name: string | null;
  worker: string;
}

/** Returns the environment of a name from the command line. Throws an Error for a name that could not be part of names of resources. */
export function toEnvironment(raw: RawConfig, name: string | null): Environment {
  const worker = raw.name ?? '';
  if (name === null) return { name, worker };
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) || name.length > 24)
    throw new Error(`--env must be at most 24 lower-case letters, digits and single hyphens, not "${name}".`);
  if (name === 'production') throw new Error('Production is deployed without --env.');
  return { name, worker: `${worker}-${name}` };
}

/**
 * Returns the configuration of one environment for wrangler. Production keeps the names and ids of wrangler.toml; every other environment
 * gets names derived from its own, and the top of wrangler.toml gives it neither routes nor public hosts.
 * Throws an Error for a setting that this file does not know: it could name a resource of another environment.
 */
export function configOf(raw: RawConfig, environment: Environment): RawConfig {
  expectKnown(Object.keys(raw), KNOWN, 'wrangler.toml');
  const { worker, name } = environment;
  const common = { ...pick(raw, SHARED), name: worker, secrets: { required: [...REQUIRED_SECRETS] } };
  if (name === null) {
    const own = pick(raw, OWN);
    return { ...common, ...reached(own), ...own, vars: raw.vars ?? {}, ...named(raw, worker, true) };
  }
  const own = raw.env?.[name] ?? {};
  expectKnown(Object.keys(own), REPLACEABLE, `[env.${name}] in wrangler.toml`);
  const vars = { ...raw.vars, PUBLIC_HOSTS: '', ...own.vars };
  return { ...common, ...reached(own), ...own, vars, ...named(raw, worker, false) };
}

/** A Worker with routes is not at workers.dev as well, unless that is asked for: there it would answer under a second name. */
const reached = ({
  routes,
  route,
}: Pick<RawConfig, 'routes' | 'route'>): Pick<RawConfig, 'workers_dev' | 'preview_urls'> => ({
  workers_dev: routes === undefined && route === undefined,
  preview_urls: false,
});

/**
 * Returns the address of a deployed configuration: its custom domain, the host of its first route, or its name at workers.dev. Throws an
 * Error when the route has a wildcard for a host.
 */
export function originOf({ name, routes = [], route }: RawConfig, subdomain: string): string {
  const all = [...(route === undefined ? [] : [route]), ...routes].map((one) =>
    typeof one === 'string' ? { pattern: one, custom_domain: false } : one,
  );
  const first = all.find((one) => one.custom_domain) ?? all[0];
  if (first === undefined) return `https://${name}.${subdomain}.workers.dev`;
  const host = first.pattern.replace(/^https?:\/\//, '').split('/')[0]!;
  if (host.includes('*')) throw new Error(`The route ${first.pattern} has no one address: add --url https://HOST.`);
  return `https://${host}`;
}

function expectKnown(keys: string[], known: readonly string[], place: string): void {
  const unknown = keys.find((key) => !known.includes(key));
  if (unknown === undefined) return;
  throw new Error(`${place} has \`${unknown}\`, which scripts/deploy/config.ts does not know. Add it there.`);
}

const pick = <K extends keyof RawConfig>(raw: RawConfig, keys: readonly K[]): Pick<RawConfig, K> =>
  Object.fromEntries(keys.filter((key) => raw[key] !== undefined).map((key) => [key, raw[key]])) as Pick<RawConfig, K>;

/** Wrangler's name for a resource that it makes for a binding. */
export const resourceName = (worker: string, binding: string): string =>
  `${worker}-${binding.toLowerCase().replaceAll('_', '-')}`;

function named(raw: RawConfig, worker: string, keep: boolean): Pick<RawConfig, (typeof NAMED)[number]> {
  const of = (binding: string, known?: string): string =>
    keep && known !== undefined ? known : resourceName(worker, binding);
  return {
    d1_databases: (raw.d1_databases ?? []).map(({ binding, database_name, database_id, ...rest }) => ({
      ...rest,
      binding,
      database_name: of(binding, database_name),
      ...(keep && database_id !== undefined ? { database_id } : {}),
    })),
    kv_namespaces: (raw.kv_namespaces ?? []).map(({ binding, id }) => ({
      binding,
      ...(keep && id !== undefined ? { id } : {}),
    })),
    r2_buckets: (raw.r2_buckets ?? []).map(({ bucket_name, ...rest }) => ({
      ...rest,
      bucket_name: of(rest.binding, bucket_name),
    })),
    // Never the name in wrangler.toml, which a copy under another name has too: a deploy of it would take the Workflow over.
    workflows: (raw.workflows ?? []).map((workflow) => ({ ...workflow, name: resourceName(worker, workflow.binding) })),
  };
}
