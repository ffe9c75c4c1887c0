import { readdirSync, readFileSync } from 'node:fs';
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare, type V4WorkerOptions } from 'miniflare';
import { unstable_getMiniflareWorkerOptions as readWranglerConfig, unstable_splitSqlQuery as splitSql } from 'wrangler';
import { buildWorker, bundleScript, DEPLOYED, DISPATCH_ONLY } from './build.ts';
import { FLOORS, floorWorker, type FloorName } from './floors.ts';
import { processorClock, workerdPids } from './process.ts';

/** Secrets of a service that runs as long as the bench. */
export const SECRETS = {
  BOOTSTRAP_TOKEN: 'bench-bootstrap-token-of-32-characters',
  AUTH_SECRET: 'bench-auth-secret-of-at-least-32-bytes!',
  KEY_PEPPER: 'bench-key-pepper-of-at-least-32-bytes!!',
  SECRETS_KEY: 'YmVuY2gtc2VjcmV0cy1rZXktMzItYnl0ZXMtbG9uZyE=',
  LOCAL_ADMIN_PASSWORD: 'bench-admin-password',
};

export interface Served {
  /** Origin of Portico, and of each floor; each on a socket of its own in the same workerd. */
  portico: string;
  /** Origin of the build that drops run records, over the same databases; null when it is not served. */
  dispatchOnly: string | null;
  floors: Record<FloorName, string>;
  /** Address of the Worker that writes runs into Portico's run log (worker/seed.ts); null when it is not served. */
  seed: string | null;
  database: D1;
  /** The data of the bindings; null when it has no folder of its own. */
  folder: string | null;
  pid: number | null;
  /** Reads the processor time of workerd in ms, all threads; null where it is not available. */
  cpuMs: () => number | null;
  inspector: string | null;
  stop: () => Promise<void>;
}
type D1 = Awaited<ReturnType<Miniflare['getD1Database']>>;

const PORTICO = 'portico';
const PORTICO_DISPATCH_ONLY = 'portico-dispatch-only';
const SEED = 'seed';
const socketOf = (worker: string): string => `${worker}-socket`;

export interface ServeOptions {
  /** Opens the inspector, for a CPU profile. */
  inspect?: boolean;
  /** Serves the build that drops run records too. */
  dispatchOnly?: boolean;
  /** Serves the Worker that writes runs. */
  seed?: boolean;
  floors?: FloorName[];
  /** The directory of static assets, in place of that of wrangler.toml. */
  assets?: string;
  /** A directory for the data of the bindings; by default it is deleted when the service stops. */
  persistTo?: string;
}

/** Serves the Worker and the floors from one workerd, with every binding that wrangler.toml names. */
export async function serve(options: ServeOptions = {}): Promise<Served> {
  const { inspect = false, dispatchOnly = false, seed = false, floors = FLOORS, persistTo, assets } = options;
  const porticos = [
    withAssets(porticoWorker(PORTICO, DEPLOYED), assets),
    ...(dispatchOnly ? [dispatchOnlyWorker()] : []),
  ];
  const compatibilityDate = porticos[0]!.compatibilityDate!;
  const before = workerdPids();
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      log: new Log(LogLevel.ERROR),
      cf: false,
      ...(inspect ? { inspectorPort: 0 } : {}),
      ...(persistTo === undefined ? {} : { resourcePersistencePath: persistTo }),
      workers: [
        ...porticos.flatMap((portico) => [socketWorker(portico), portico]),
        ...(seed ? [await seedWorker(compatibilityDate)] : []),
        ...floors.map((name) => floorWorker(name, compatibilityDate)),
      ],
    }),
  );
  await miniflare.ready;
  const database = await miniflare.getD1Database('DB', PORTICO);
  if (!(await isMigrated(database))) await migrate(database);
  const origin = async (worker: string): Promise<string> => (await miniflare.unsafeGetDirectURL(worker)).origin;
  const pid = workerdPids().find((one) => !before.includes(one)) ?? null;
  const origins = await Promise.all(floors.map(async (name) => [name, await origin(`floor-${name}`)] as const));
  return {
    portico: await origin(socketOf(PORTICO)),
    dispatchOnly: dispatchOnly ? await origin(socketOf(PORTICO_DISPATCH_ONLY)) : null,
    floors: Object.fromEntries(origins) as Record<FloorName, string>,
    seed: seed ? await origin(SEED) : null,
    database,
    folder: persistTo ?? null,
    pid,
    cpuMs: processorClock(() => (pid === null ? [] : [pid])),
    inspector: inspect ? String(await miniflare.getInspectorURL()) : null,
    stop: () => miniflare.dispose(),
  };
}

function porticoWorker(name: string, entry: string): V4WorkerOptions {
  const { workerOptions } = readWranglerConfig('wrangler.toml');
  const { modulesRules: _rules, bindings, ...options } = workerOptions;
  return { ...options, name, modules: buildWorker(entry), bindings: { ...(bindings as object), ...SECRETS } };
}

/** Returns the Worker with its static assets from another directory, if one is given. */
const withAssets = (worker: V4WorkerOptions, directory: string | undefined): V4WorkerOptions =>
  directory === undefined || !worker.assets ? worker : { ...worker, assets: { ...worker.assets, directory } };

/** Shares the databases of the deployed build by their ids. A workflow has one Worker: the deployed one. */
function dispatchOnlyWorker(): V4WorkerOptions {
  const { workflows: _workflows, ...options } = porticoWorker(PORTICO_DISPATCH_ONLY, DISPATCH_ONLY);
  return options;
}

/** Writes to the objects of Portico's own run log. */
const seedWorker = async (compatibilityDate: string): Promise<V4WorkerOptions> => ({
  name: SEED,
  compatibilityDate,
  modules: [{ type: 'ESModule', path: 'seed.js', contents: await bundleScript('bench/worker/seed.ts') }],
  durableObjects: {
    RUN_DAY: { className: 'RunDay', scriptName: PORTICO, useSQLite: true },
    RUN_INDEX: { className: 'RunIndex', scriptName: PORTICO, useSQLite: true },
  },
  unsafeDirectSockets: [{ host: '127.0.0.1', port: 0 }],
});

/**
 * Miniflare puts two Workers of its own in front of one that has assets, also on a direct socket, and each costs a call more than
 * Portico does. A Worker without assets may name another one behind its socket: the requests then reach Portico directly.
 */
const socketWorker = (portico: V4WorkerOptions): V4WorkerOptions => ({
  name: socketOf(portico.name!),
  compatibilityDate: portico.compatibilityDate!,
  modules: [{ type: 'ESModule', path: 'socket.js', contents: 'export default {};' }],
  unsafeDirectSockets: [{ host: '127.0.0.1', port: 0, serviceName: portico.name! }],
});

const isMigrated = async (database: D1): Promise<boolean> =>
  (await database.prepare(`select 1 from sqlite_master where name = 'endpoints'`).first()) !== null;

async function migrate(database: D1): Promise<void> {
  const files = readdirSync('migrations').filter((name) => name.endsWith('.sql'));
  for (const file of files.toSorted()) {
    const statements = splitSql(readFileSync(`migrations/${file}`, 'utf8'));
    await database.batch(statements.map((statement) => database.prepare(statement)));
  }
}
