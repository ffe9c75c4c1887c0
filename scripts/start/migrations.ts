import { createHash, createHmac } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const FOLDER = 'migrations';
const BINDING = 'DB';

/** The table in which wrangler notes what it has applied: `wrangler d1 migrations list --local` shows these, too. */
const NOTES = `create table if not exists d1_migrations(
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  name       TEXT UNIQUE,
  applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL
)`;

/**
 * Migrates the local D1 database below a state folder to the newest version. No service may run on it. wrangler would start two processes
 * and take seconds for it (docs/decisions/0033-local-migrations.md). Throws an Error that names the migration that failed; those before
 * it stay applied.
 */
export function applyMigrations(persistTo: string, folder: string = FOLDER): void {
  const file = localDatabase(persistTo);
  mkdirSync(dirname(file), { recursive: true });
  const database = new DatabaseSync(file);
  try {
    database.exec('pragma journal_mode = wal');
    database.exec(NOTES);
    const applied = new Set(
      database
        .prepare('select name from d1_migrations')
        .all()
        .map(({ name }) => name),
    );
    const names = readdirSync(folder).filter((name) => name.endsWith('.sql'));
    for (const name of names.toSorted()) if (!applied.has(name)) applyOne(database, folder, name);
  } finally {
    database.close();
  }
}

function applyOne(database: DatabaseSync, folder: string, name: string): void {
  database.exec('begin');
  try {
    database.exec(readFileSync(join(folder, name), 'utf8'));
    database.prepare('insert into d1_migrations (name) values (?)').run(name);
    database.exec('commit');
  } catch (cause) {
    if (database.isTransaction) database.exec('rollback');
    throw new Error(`Could not apply the migration ${name}: ${(cause as Error).message}`, { cause });
  }
}

/** Path at which workerd looks for the database: an object of miniflare's class, by the id that it derives from the name of the binding. */
export function localDatabase(persistTo: string): string {
  const kind = 'miniflare-D1DatabaseObject';
  const key = createHash('sha256').update(kind).digest();
  const hmac = (data: Buffer | string): Buffer => createHmac('sha256', key).update(data).digest().subarray(0, 16);
  const name = hmac(BINDING);
  return join(persistTo, 'v3/d1', kind, `${name.toString('hex')}${hmac(name).toString('hex')}.sqlite`);
}
