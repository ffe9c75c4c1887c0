import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare, type V4WorkerOptions } from 'miniflare';
import { unstable_splitSqlQuery as splitSql } from 'wrangler';
import type { Account, Binding, Worker } from './account.ts';

const MODULE_TYPES: Record<string, 'ESModule' | 'Text' | 'CompiledWasm' | 'Data'> = {
  'application/javascript+module': 'ESModule',
  'text/plain': 'Text',
  'application/wasm': 'CompiledWasm',
  'application/octet-stream': 'Data',
};

const QUIET = { log: new Log(LogLevel.ERROR), cf: false };

/** The service that an upload has made: its modules, bindings, secrets and assets, in workerd. */
export class LiveService {
  readonly #account: Account;
  readonly #folder = mkdtempSync(join(tmpdir(), 'portico-live-'));
  #miniflare: Miniflare | null = null;
  #worker: Worker | null = null;
  #migrated = Promise.resolve();
  /** How many statements of each database workerd's D1 has. */
  readonly #applied = new Map<string, number>();

  constructor(account: Account) {
    this.#account = account;
  }

  /** Takes a new version. The service starts at its next request. */
  async replace(worker: Worker): Promise<void> {
    await this.#miniflare?.dispose();
    this.#miniflare = null;
    this.#worker = worker;
  }

  /** Answers as workers.dev does: 404 before the first upload. */
  async fetch(request: Request): Promise<Response> {
    if (this.#worker === null) return new Response('There is nothing here yet', { status: 404 });
    const origin = await this.start(this.#worker);
    await (this.#migrated = this.#migrated.then(() => this.#migrate(this.#miniflare!, this.#worker!)));
    const { pathname, search } = new URL(request.url);
    return fetch(new URL(pathname + search, origin), {
      method: request.method,
      headers: [...request.headers].filter(([name]) => !['host', 'connection', 'content-length'].includes(name)),
      redirect: 'manual',
      ...(request.body && { body: await request.arrayBuffer() }),
    });
  }

  /** Starts the uploaded Worker, which may take longer than a deploy waits for a response. Resolves with its address. */
  async start(worker = this.#worker!): Promise<URL> {
    this.#miniflare ??= this.#open(worker);
    return this.#miniflare.ready;
  }

  async close(): Promise<void> {
    await this.#miniflare?.dispose();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #open(worker: Worker): Miniflare {
    const assets = join(this.#folder, 'assets');
    for (const [path, bytes] of worker.assets) {
      mkdirSync(dirname(join(assets, path)), { recursive: true });
      writeFileSync(join(assets, path), bytes);
    }
    const options = {
      ...toOptions(worker),
      assets: assetsOf(assets),
      ...QUIET,
      resourcePersistencePath: this.#folder,
    };
    return new Miniflare(convertV4MiniflareOptions(options));
  }

  /** Gives workerd's D1 what was sent to the account's. */
  async #migrate(miniflare: Miniflare, worker: Worker): Promise<void> {
    for (const { name, id } of ofType(worker, 'd1')) {
      const { executed } = this.#account.database(String(id));
      const from = this.#applied.get(name) ?? 0;
      if (executed.length === from) continue;
      const database = await miniflare.getD1Database(name);
      for (const sql of executed.slice(from))
        await database.batch(splitSql(sql).map((statement) => database.prepare(statement)));
      this.#applied.set(name, executed.length);
    }
  }
}

const ofType = (worker: Worker, type: string): Binding[] =>
  [...worker.bindings.values()].filter((binding) => binding.type === type);

const assetsOf = (directory: string): NonNullable<V4WorkerOptions['assets']> => ({
  directory,
  binding: 'ASSETS',
  routerConfig: { has_user_worker: true, invoke_user_worker_ahead_of_assets: true },
});

/** Binds what the metadata of the upload binds. */
function toOptions(worker: Worker): V4WorkerOptions {
  const record = <T>(type: string, value: (binding: Binding) => T): Record<string, T> =>
    Object.fromEntries(ofType(worker, type).map((binding) => [binding.name, value(binding)]));
  const main = worker.modules.find(({ name }) => name === worker.metadata.main_module)!;
  return {
    name: worker.name,
    compatibilityDate: worker.metadata.compatibility_date,
    compatibilityFlags: worker.metadata.compatibility_flags,
    modulesRoot: '/',
    modules: [main, ...worker.modules.filter((one) => one !== main && MODULE_TYPES[one.type])].map((one) => ({
      type: MODULE_TYPES[one.type]!,
      path: `/${one.name.replace('./', '')}`,
      contents:
        MODULE_TYPES[one.type] === 'ESModule' || MODULE_TYPES[one.type] === 'Text' ? one.bytes.toString() : one.bytes,
    })),
    bindings: { ...record('plain_text', ({ text }) => text), ...record('secret_text', ({ text }) => text) },
    kvNamespaces: record('kv_namespace', ({ namespace_id }) => String(namespace_id)),
    d1Databases: record('d1', ({ id }) => String(id)),
    r2Buckets: record('r2_bucket', ({ bucket_name }) => String(bucket_name)),
    durableObjects: record('durable_object_namespace', ({ class_name }) => ({
      className: String(class_name),
      useSQLite: true,
    })),
    workflows: record('workflow', ({ workflow_name, class_name }) => ({
      name: String(workflow_name),
      className: String(class_name),
    })),
    workerLoaders: record('worker_loader', () => ({})),
  } as V4WorkerOptions;
}
