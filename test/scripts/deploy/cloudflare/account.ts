import { DatabaseSync } from 'node:sqlite';

/** A refusal in the form of Cloudflare's API. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: number;
  constructor(status: number, code: number, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export interface Binding {
  name: string;
  type: string;
  text?: string;
  [field: string]: unknown;
}

/** Fields of `PUT /workers/scripts/:name` beside its modules. */
export interface Metadata {
  main_module: string;
  bindings: Binding[];
  compatibility_date: string;
  compatibility_flags: string[];
  keep_bindings?: string[];
  assets?: { jwt: string };
  [field: string]: unknown;
}

export interface Worker {
  name: string;
  metadata: Metadata;
  bindings: Map<string, Binding>;
  modules: { name: string; type: string; bytes: Buffer }[];
  /** Files by path. */
  assets: Map<string, Buffer>;
  isOnWorkersDev: boolean;
  crons: string[];
}

interface Database {
  name: string;
  sql: DatabaseSync;
  /** Statements that were executed, in order, and the times at which they were. */
  executed: string[];
  times: number[];
}

/** An upload of a Worker. */
interface Version {
  id: string;
  worker: Worker;
}

/** One Cloudflare account: what wrangler creates there, under the rules that a deploy depends on. */
export class Account {
  readonly id: string;
  subdomain: string | null = 'ada';
  readonly databases = new Map<string, Database>();
  readonly namespaces = new Map<string, string>();
  readonly buckets = new Set<string>();
  readonly workflows = new Map<string, string>();
  readonly domains = new Map<string, string>();
  readonly workers = new Map<string, Worker>();
  /** By the name of the Worker, the newest first: its uploads, and the ids of those that served its requests. */
  readonly versions = new Map<string, Version[]>();
  readonly deployments = new Map<string, string[]>();
  now = Date.now;
  readonly #assets = new Map<string, Buffer>();
  readonly #manifests = new Map<string, Record<string, { hash: string }>>();

  constructor(id: string) {
    this.id = id;
  }

  worker(name: string): Worker {
    const worker = this.workers.get(name);
    if (worker === undefined) throw new Refusal(404, 10007, 'This Worker does not exist on your account.');
    return worker;
  }

  createDatabase(name: string): { uuid: string; name: string } {
    if ([...this.databases.values()].some((one) => one.name === name))
      throw new Refusal(400, 7502, `A database with that name already exists: ${name}`);
    const uuid = crypto.randomUUID();
    this.databases.set(uuid, { name, sql: new DatabaseSync(':memory:'), executed: [], times: [] });
    return { uuid, name };
  }

  /** Takes the id of a database or its name. */
  database(key: string): Database & { uuid: string } {
    const found = [...this.databases].find(([uuid, { name }]) => uuid === key || name === key);
    if (found === undefined) throw new Refusal(404, 7404, `The database ${key} could not be found`);
    return { uuid: found[0], ...found[1] };
  }

  /** All statements of a query, or none. */
  query(key: string, text: string): object[] {
    const { sql, executed, times } = this.database(key);
    if (/^\s*select/i.test(text)) {
      try {
        return sql.prepare(text).all();
      } catch (error) {
        throw new Refusal(400, 7500, (error as Error).message);
      }
    }
    try {
      sql.exec(`BEGIN;${text};COMMIT`);
    } catch (error) {
      if (sql.isTransaction) sql.exec('ROLLBACK');
      throw new Refusal(400, 7500, (error as Error).message);
    }
    executed.push(text);
    times.push(this.now());
    return [];
  }

  /** Returns the bookmark of a database at a time: the number of the statements that it had executed. */
  bookmark(key: string, at: number): string {
    return String(this.database(key).times.filter((time) => time <= at).length).padStart(8, '0');
  }

  /** Sets a database back to a bookmark. */
  travel(key: string, bookmark: string): void {
    const { uuid, name, executed, times } = this.database(key);
    const sql = new DatabaseSync(':memory:');
    const kept = executed.slice(0, Number(bookmark));
    for (const text of kept) sql.exec(text);
    this.databases.set(uuid, { name, sql, executed: kept, times: times.slice(0, kept.length) });
  }

  createNamespace(title: string): { id: string; title: string } {
    if ([...this.namespaces.values()].includes(title))
      throw new Refusal(400, 10014, 'create namespace: a namespace with this account ID and title already exists');
    const id = crypto.randomUUID().replaceAll('-', '');
    this.namespaces.set(id, title);
    return { id, title };
  }

  createBucket(name: string): void {
    if (this.buckets.has(name)) throw new Refusal(409, 10004, 'The bucket you tried to create already exists.');
    this.buckets.add(name);
  }

  /** Remembers a manifest; returns its token and the hashes that are not stored. */
  openAssets(manifest: Record<string, { hash: string }>): { jwt: string; buckets: string[][] } {
    const jwt = `${Buffer.from(crypto.randomUUID()).toString('base64url')}.e30.x`;
    this.#manifests.set(jwt, manifest);
    const hashes = [...new Set(Object.values(manifest).map(({ hash }) => hash))];
    const wanted = hashes.filter((hash) => !this.#assets.has(hash));
    return { jwt, buckets: wanted.length > 0 ? [wanted] : [] };
  }

  storeAsset(hash: string, bytes: Buffer): void {
    this.#assets.set(hash, bytes);
  }

  /** Stores a Worker as the API does: inherited bindings must exist, and secrets that are not sent stay. */
  putWorker(name: string, metadata: Metadata, modules: Worker['modules']): Worker {
    const before = this.workers.get(name);
    const bindings = new Map(
      metadata.bindings.map((binding) => {
        if (binding.type !== 'inherit') return [binding.name, binding];
        const inherited = before?.bindings.get(binding.name);
        if (inherited === undefined)
          throw new Refusal(400, 10021, `inherit binding '${binding.name}' is invalid: there is nothing to inherit`);
        return [binding.name, inherited];
      }),
    );
    for (const [key, binding] of before?.bindings ?? [])
      if (!bindings.has(key) && metadata.keep_bindings?.includes(binding.type)) bindings.set(key, binding);
    const manifest = this.#manifests.get(metadata.assets?.jwt ?? '') ?? {};
    const assets = new Map(
      Object.entries(manifest).map(([path, { hash }]) => {
        const bytes = this.#assets.get(hash);
        if (bytes === undefined) throw new Refusal(400, 10021, `asset ${path} was not uploaded`);
        return [path, bytes];
      }),
    );
    const worker = {
      name,
      metadata,
      bindings,
      modules,
      assets,
      isOnWorkersDev: before?.isOnWorkersDev ?? false,
      crons: [],
    };
    this.workers.set(name, worker);
    const id = crypto.randomUUID();
    this.versions.set(name, [{ id, worker }, ...(this.versions.get(name) ?? [])]);
    this.deployments.set(name, [id, ...(this.deployments.get(name) ?? [])]);
    return worker;
  }

  /** Serves the requests of a Worker from an earlier version. */
  deployVersion(name: string, id: string): void {
    const version = this.versions.get(name)?.find((one) => one.id === id);
    if (version === undefined) throw new Refusal(404, 10208, 'This version does not exist.');
    this.workers.set(name, version.worker);
    this.deployments.get(name)!.unshift(id);
  }
}
