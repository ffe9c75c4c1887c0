import { env } from 'cloudflare:workers';
import { afterEach, expect, test, vi } from 'vitest';
import { auditRow } from '../../../src/core/audit/audit-row';
import { newId } from '../../../src/kernel/ids';
import { dropOrphanedTables } from '../../../src/core/retention/drop-orphaned-tables';
import { createTable } from '../../../src/core/tables/catalogue/create-table';
import { CreateTableInput, type Table } from '../../../src/core/tables/catalogue/table.schema';
import { onSchedule } from '../../../src/entrypoints/retention.cron';
import { testContext } from '../../support/context';
import { delayedBy } from '../../support/delayed';
import { unique } from '../../support/publish';

const ctx = testContext();
const { rows, tables, commit } = ctx.store;
const HOUR_MS = 3_600_000;
const at = (ms: number) => ({ ...ctx, now: () => Date.now() + ms });
const tomorrow = at(25 * HOUR_MS);

const create = (as = ctx): Promise<Table> =>
  createTable(as, CreateTableInput.parse({ name: unique('t').replaceAll('-', '_') }));
const insertRow = (id: string) =>
  env.DATA.prepare(`insert into "${id}" (id, created_at, updated_at) values ('1', 0, 0)`).run();
const tablesInData = async (): Promise<string[]> => {
  const { results } = await env.DATA.prepare(
    `select name from sqlite_master where type = 'table' and name like 'tbl%'`,
  ).all<{ name: string }>();
  return results.map(({ name }) => name);
};
/** As `createTable` leaves it when the machine goes away before the catalogue is written. */
const createHalf = async (): Promise<string> => {
  const id = newId('tbl');
  await rows.create({ id, idType: 'uuid', columns: [] });
  return id;
};
/** As `deleteTable` leaves it when the machine goes away before the rows are dropped. */
const deleteHalf = async (id: string) =>
  commit({ guarded: tables.remove(id, 1), entry: auditRow(ctx, 'table.delete', id) });

afterEach(async () => {
  for (const name of await tablesInData()) await env.DATA.prepare(`drop table "${name}"`).run();
});

test('tables of an interrupted creation or deletion are dropped after a day; others stay', async () => {
  const kept = await create();
  const [created, deleted] = [await createHalf(), (await create()).id];
  await insertRow(kept.id);
  await insertRow(deleted);
  await deleteHalf(deleted);
  expect(await dropOrphanedTables(at(23 * HOUR_MS))).toEqual([]);
  expect((await tablesInData()).toSorted()).toEqual([kept.id, created, deleted].toSorted());
  expect((await dropOrphanedTables(tomorrow)).toSorted()).toEqual([created, deleted].toSorted());
  expect(await tablesInData()).toEqual([kept.id]);
  expect(await dropOrphanedTables(tomorrow)).toEqual([]);
});

test('a table without an audit entry of its deletion stays: the catalogue may be wrong', async () => {
  const lost = await create();
  await insertRow(lost.id);
  // A database that was set back to before the table was made.
  await env.DB.batch([
    env.DB.prepare('delete from tables where id = ?').bind(lost.id),
    env.DB.prepare('delete from audit where object_id = ?').bind(lost.id),
  ]);
  expect(await dropOrphanedTables(tomorrow)).toEqual([]);
  expect(await tablesInData()).toEqual([lost.id]);
});

test('tables that Portico did not name stay', async () => {
  await env.DATA.exec('create table tbl_of_somebody_elses_ (id text)');
  await env.DATA.exec('create table tbl_000 (id text)');
  expect(await dropOrphanedTables(tomorrow)).toEqual([]);
  expect(await tablesInData()).toHaveLength(2);
});

test('a table that is being made is left alone', async () => {
  const made = await create(delayedBy(ctx, async () => void (await dropOrphanedTables(ctx))));
  expect(await tablesInData()).toEqual([made.id]);
});

test('20 at a time, and tables in use hide none', async () => {
  const living = new Set<string>();
  for (let i = 0; i < 3; i++) living.add((await create()).id);
  for (let i = 0; i < 21; i++) await createHalf();
  for (let i = 0; i < 3; i++) living.add((await create()).id);
  expect(await dropOrphanedTables(tomorrow, 2)).toHaveLength(20);
  expect(await dropOrphanedTables(tomorrow, 2)).toHaveLength(1);
  expect(new Set(await tablesInData())).toEqual(living);
});

test('the cron drops them, and its log line names them', async () => {
  const id = await createHalf();
  const log = vi.spyOn(console, 'info').mockImplementation(() => undefined);
  await onSchedule(tomorrow);
  expect(await tablesInData()).toEqual([]);
  expect(log).toHaveBeenCalledWith(expect.stringContaining(`"orphanedTables":["${id}"]`));
  log.mockRestore();
});

test('a task of the cron that fails keeps none of the others from its turn, and the event fails', async () => {
  const log = vi.spyOn(console, 'info').mockImplementation(() => undefined);
  const error = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const id = await createHalf();
  const sessions = { ...ctx.store.sessions, sweep: () => Promise.reject(new Error('no D1 today')) };
  const failing = { ...tomorrow, store: { ...ctx.store, sessions } };
  await expect(onSchedule(failing)).rejects.toMatchObject({ errors: [{ message: 'no D1 today' }] });
  expect(await tablesInData()).not.toContain(id);
  expect(error).toHaveBeenCalledWith(expect.stringContaining('no D1 today'));
  log.mockRestore();
  error.mockRestore();
});
