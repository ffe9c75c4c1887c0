import { DatabaseSync } from 'node:sqlite';
import { filesBelow } from './find-bytes.ts';

/** Every row of every table of the local D1 database but those named, as text. The service must be stopped. */
export function dumpDatabase(state: string, without: string[]): Record<string, string[]> {
  const file = filesBelow(`${state}/v3/d1`).find((path) => /\/[0-9a-f]{64}\.sqlite$/.test(path));
  if (file === undefined) throw new Error(`there is no D1 database in ${state}`);
  const database = new DatabaseSync(file);
  try {
    const tables = database.prepare("select name from sqlite_master where type = 'table'").all();
    const names = tables.map(({ name }) => String(name)).filter((name) => !without.includes(name));
    return Object.fromEntries(
      names.map((name) => [
        name,
        database
          .prepare(`select * from "${name}"`)
          .all()
          .map((row) => JSON.stringify(row))
          .sort(),
      ]),
    );
  } finally {
    database.close();
  }
}
