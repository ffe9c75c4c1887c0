import { copyFileSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = 'migrations';

/**
 * True for a migration that only takes something away. The code that runs may use it until the next code is up, so a deploy applies it after
 * the upload; any other migration comes before, because the next code may need it.
 */
export function onlyDrops(name: string, read: (name: string) => string = readMigration): boolean {
  const statements = read(name)
    .split('--> statement-breakpoint')
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');
  return statements.every((statement) => /^(DROP TABLE|ALTER TABLE \S+ DROP COLUMN)\b/i.test(statement));
}

const readMigration = (name: string): string => readFileSync(join(FOLDER, name), 'utf8');

/** Runs `work` with a folder that has only these migrations: wrangler applies all that it finds. Deletes the folder afterwards. */
export async function withMigrations(names: readonly string[], work: (folder: string) => Promise<void>): Promise<void> {
  const folder = `.portico/migrations-${process.pid}`;
  mkdirSync(folder, { recursive: true });
  try {
    for (const name of names) copyFileSync(join(FOLDER, name), join(folder, name));
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
