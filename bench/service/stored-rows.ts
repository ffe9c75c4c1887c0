import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/**
 * Counts the rows that the run log of a service has: batches, starts of audited calls, and counts by hour. Rows are added and never changed,
 * except for those of hours, which the object of a day writes again after each 500 batches. `folder`: the data of the service's bindings.
 */
export function storedRows(folder: string): number {
  const objects = join(folder, 'do/portico-RunDay');
  const files = readdirSync(objects).filter((name) => name.endsWith('.sqlite') && name !== 'metadata.sqlite');
  return files.map((name) => rowsIn(join(objects, name))).reduce((sum, rows) => sum + rows, 0);
}

function rowsIn(file: string): number {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const of = (table: string): number => Number(database.prepare(`select count(*) as rows from ${table}`).get()!.rows);
    return of('batches') + of('starts') + of('counts');
  } finally {
    database.close();
  }
}
