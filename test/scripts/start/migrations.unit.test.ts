import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { applyMigrations, localDatabase } from '../../../scripts/start/migrations.ts';

let home: string;
beforeEach(() => void (home = mkdtempSync(join(tmpdir(), 'portico-migrations-'))));
afterEach(() => rmSync(home, { recursive: true }));

function select(sql: string): unknown[] {
  const database = new DatabaseSync(localDatabase(home));
  try {
    return database
      .prepare(sql)
      .all()
      .map((row) => Object.values(row)[0]);
  } finally {
    database.close();
  }
}
const applied = (): unknown[] => select('select name from d1_migrations order by id');

test('a new state folder gets all migrations, in their order, and a second start none', () => {
  applyMigrations(home);
  const all = readdirSync('migrations').filter((name) => name.endsWith('.sql'));
  expect(applied()).toEqual(all.toSorted());
  expect(select(`select count(*) from sqlite_master where name = 'endpoints'`)).toEqual([1]);
  applyMigrations(home);
  expect(applied()).toEqual(all.toSorted());
});

test('a migration that fails is named and changes nothing; those before it stay', () => {
  const write = (name: string, sql: string): void => writeFileSync(join(home, name), sql);
  write('0000_first.sql', 'create table first (id);\n--> statement-breakpoint\ninsert into first values (1);');
  write('0001_second.sql', 'insert into first values (2);--> statement-breakpoint\ninsert into nowhere values (1);');
  expect(() => applyMigrations(home, home)).toThrow(
    'Could not apply the migration 0001_second.sql: no such table: nowhere',
  );
  expect(applied()).toEqual(['0000_first.sql']);
  write('0001_second.sql', 'insert into first values (3);');
  applyMigrations(home, home);
  expect(select('select id from first')).toEqual([1, 3]);
});
