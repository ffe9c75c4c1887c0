import type { Unstable_RawConfig as RawConfig } from 'wrangler';
import { type Cloudflare, CloudflareError } from './cloudflare.ts';
import { resourceName } from './config.ts';

/** A Cloudflare account. `subdomain` is its name under workers.dev. */
export interface Account {
  id: string;
  name: string;
  subdomain: string;
}

/** A resource of the configuration that exists in the account. */
export interface Found {
  kind: 'D1 database' | 'KV namespace' | 'R2 bucket' | 'Workflow' | 'domain';
  name: string;
  binding: string;
  id: string;
  /** Name of the Worker that it belongs to; null where Cloudflare keeps no owner. */
  owner: string | null;
}

/** Resources of one environment in an account. */
export interface Deployed {
  /** Bindings of the Worker by name; null: it does not exist. */
  bindings: Map<string, Binding> | null;
  found: Found[];
  /** Names of the migrations that the database `DB` has; null: there is no database. */
  migrations: string[] | null;
}
export interface Binding {
  name: string;
  type: string;
  text?: string;
}

/** Finds the account to deploy to. Throws an Error that says what to do when the login reaches none, several, or one without Workers. */
export async function findAccount(cloudflare: Cloudflare, wanted: string | undefined): Promise<Account> {
  // A token of CI may not be allowed to read about accounts.
  const accounts = wanted
    ? [{ id: wanted, name: wanted }]
    : await cloudflare.get<{ id: string; name: string }[]>('/accounts?per_page=50');
  if (accounts.length === 0) throw new Error('This login reaches no account. Sign in again: npx wrangler login');
  if (accounts.length > 1) {
    const list = accounts.map(({ id, name }) => `  CLOUDFLARE_ACCOUNT_ID=${id}  # ${name}`).join('\n');
    throw new Error(`This login reaches several accounts. Choose one with an environment variable:\n${list}`);
  }
  const { id, name } = accounts[0]!;
  const known = await cloudflare.find<{ subdomain: string }>(`/accounts/${id}/workers/subdomain`);
  if (!known?.subdomain)
    throw new Error(
      `The account ${name} has no workers.dev name yet, which Workflows need. Open Workers & Pages in the dashboard once, then deploy again.`,
    );
  return { id, name, subdomain: known.subdomain };
}

/** Reads what an account has of the Worker and the resources of a configuration. */
export async function readDeployed(cloudflare: Cloudflare, account: string, config: RawConfig): Promise<Deployed> {
  const root = `/accounts/${account}`;
  const [settings, ...found] = await Promise.all([
    cloudflare.find<{ bindings: Binding[] }>(`${root}/workers/scripts/${config.name}/settings`),
    findDatabases(cloudflare, root, config),
    findNamespaces(cloudflare, root, config),
    findBuckets(cloudflare, root, config),
    findWorkflows(cloudflare, root, config),
    findDomains(cloudflare, root, config),
  ]);
  const all = found.flat();
  const database = all.find(({ binding }) => binding === 'DB');
  return {
    bindings: settings && new Map(settings.bindings.map((binding) => [binding.name, binding])),
    found: all,
    migrations: database ? await appliedMigrations(cloudflare, account, database.id) : null,
  };
}

type Finder = (cloudflare: Cloudflare, root: string, config: RawConfig) => Promise<Found[]>;

/** Runs the look-ups of one kind at once, and drops what does not exist. */
const each = async <T>(items: readonly T[], look: (item: T) => Promise<Found | null>): Promise<Found[]> =>
  (await Promise.all(items.map(look))).filter((one) => one !== null);

/** Finds the databases of a configuration that exist. */
export const findDatabases: Finder = (cloudflare, root, { d1_databases = [] }) =>
  each(d1_databases, async ({ binding, database_name: name = '' }) => {
    const database = await cloudflare.find<{ uuid: string }>(`${root}/d1/database/${name}?fields=uuid%2Cname`);
    return database && { kind: 'D1 database', name, binding, id: database.uuid, owner: null };
  });

const NAMESPACES_PER_PAGE = 100;

const findNamespaces: Finder = async (cloudflare, root, { name: worker = '', kv_namespaces = [] }) => {
  const titles = new Map(kv_namespaces.map(({ binding }) => [resourceName(worker, binding), binding]));
  const found: Found[] = [];
  for (let page = 1; ; page++) {
    const path = `${root}/storage/kv/namespaces?per_page=${NAMESPACES_PER_PAGE}&page=${page}`;
    const listed = await cloudflare.get<{ id: string; title: string }[]>(path);
    for (const { id, title } of listed)
      if (titles.has(title))
        found.push({ kind: 'KV namespace', name: title, binding: titles.get(title)!, id, owner: null });
    if (listed.length < NAMESPACES_PER_PAGE) return found;
  }
};

const findBuckets: Finder = (cloudflare, root, { r2_buckets = [] }) =>
  each(r2_buckets, async ({ binding, bucket_name: name = '' }) => {
    const bucket = await cloudflare.find<object>(`${root}/r2/buckets/${name}`);
    return bucket && { kind: 'R2 bucket', name, binding, id: name, owner: null };
  });

const findWorkflows: Finder = (cloudflare, root, { workflows = [] }) =>
  each(workflows, async ({ binding, name }) => {
    const workflow = await cloudflare.find<{ id: string; script_name: string }>(`${root}/workflows/${name}`);
    return workflow && { kind: 'Workflow', name, binding, id: workflow.id, owner: workflow.script_name };
  });

const findDomains: Finder = (cloudflare, root, { routes = [] }) => {
  const domains = routes.flatMap((route) => (typeof route === 'object' && route.custom_domain ? [route.pattern] : []));
  return each(domains, async (name) => {
    const path = `${root}/workers/domains?hostname=${name}`;
    const domain = (await cloudflare.get<{ id: string; service: string }[]>(path))[0];
    return domain ? { kind: 'domain', name, binding: name, id: domain.id, owner: domain.service } : null;
  });
};

async function appliedMigrations(cloudflare: Cloudflare, account: string, database: string): Promise<string[]> {
  try {
    const rows = await cloudflare.select<{ name: string }>(account, database, 'SELECT name FROM d1_migrations');
    return rows.map(({ name }) => name);
  } catch (error) {
    // A database without the table has had no migration.
    if (error instanceof CloudflareError && /no such table/.test(error.message)) return [];
    throw error;
  }
}
