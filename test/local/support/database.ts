import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { inflateRawSync } from 'node:zlib';
import { localDatabase } from '../../../scripts/start/migrations.ts';
import { filesBelow } from './find-bytes.ts';

/** Every row of every table of the local D1 database but those named, as text. The service must be stopped. */
export function dumpDatabase(state: string, without: string[]): Record<string, string[]> {
  const database = new DatabaseSync(localDatabase(state));
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

/** Writes the texts of the run log, which its rows have deflated, into a folder. The service must be stopped. Returns their number. */
export function inflateRuns(state: string, folder: string): number {
  mkdirSync(folder, { recursive: true });
  const files = filesBelow(`${state}/v3/do`).filter((path) => path.endsWith('.sqlite'));
  const texts = files.flatMap((file) => {
    const database = new DatabaseSync(file, { readOnly: true });
    try {
      if (database.prepare("select 1 from sqlite_master where name = 'batches'").get() === undefined) return [];
      const rows = database.prepare('select entries, details from batches').all() as { [column: string]: Uint8Array }[];
      return rows.flatMap((row) => Object.values(row).map((bytes) => inflateRawSync(bytes)));
    } finally {
      database.close();
    }
  });
  for (const [i, text] of texts.entries()) writeFileSync(join(folder, `${i}.txt`), text);
  return texts.length;
}
