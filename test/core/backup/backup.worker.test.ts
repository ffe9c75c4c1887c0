import { reset } from 'cloudflare:test';
import { env, exports } from 'cloudflare:workers';
import { beforeAll, expect, test } from 'vitest';
import {
  beginBackup,
  beginRestore,
  hasSnapshot,
  openService,
  readBackup,
  writeBackup,
  type Manifest,
  type Piece,
} from '../../../scripts/backup/service';
import { dropAbandonedCopies } from '../../../src/core/backup/drop-abandoned-copies';
import { finishRestore } from '../../../src/core/backup/finish-restore';
import { createTable } from '../../../src/core/tables/catalogue/create-table';
import { CreateTableInput } from '../../../src/core/tables/catalogue/table.schema';
import { insertRows } from '../../../src/core/tables/rows/insert-rows';
import { deleteRow } from '../../../src/core/tables/rows/delete-rows';
import { migrate } from '../../support/migrate';
import { callAdmin } from '../../support/admin-api';
import { testContext } from '../../support/context';
import { graphOfNodes, operation } from '../../support/graphs';
import { cheapHash, insertUser } from '../../support/people';
import { askPlynx } from '../../support/plynx';
import { call, makeKey, publish, runOf } from '../../support/publish';
import { freshAddress, signIn } from '../../support/sign-in';

const ORIGIN = 'https://portico.test';
const PASSWORD = 'a password of an operator';

const fetchService: typeof fetch = (input, init) => {
  const headers = new Headers(init?.headers);
  headers.set('cf-connecting-ip', freshAddress());
  return exports.default.fetch(String(input), { ...init, headers } as RequestInit);
};
const service = (name: string) => openService(fetchService, ORIGIN, { name, password: PASSWORD });

/** Everything that a restore brings back, in a form that can be compared. */
async function dump() {
  const { runLog } = testContext();
  const list = await runLog.list({}, null, 100);
  const day = Math.floor(Date.now() / 86_400_000) * 86_400_000;
  return {
    definitions: await dumpDatabase(env.DB, ['sessions', 'restores', 'd1_migrations']),
    rows: await dumpDatabase(env.DATA, []),
    files: await dumpFiles(),
    runs: await Promise.all(list.entries.map(({ id }) => runLog.get(id))),
    counts: await runLog.stats({
      since: day - 86_400_000,
      until: day + 86_400_000,
      stepMs: 86_400_000,
      by: 'endpoint',
    }),
  };
}

async function dumpDatabase(database: D1Database, without: string[]) {
  const { results } = await database
    .prepare(`select name from sqlite_master where type = 'table' and name not glob '_cf_*' order by name`)
    .all<{ name: string }>();
  const tables = results.map(({ name }) => name).filter((name) => !without.includes(name));
  return Promise.all(
    tables.map(async (name) => {
      const read = async (sql: string) => (await database.prepare(sql).all()).results;
      const rows = await read(`select * from [${name}]`);
      // Entries of the backup and the restore themselves.
      const kept = rows.filter((row) => !/^(backup|session)\./.test(String(row.action)));
      return {
        name,
        columns: await read(`pragma table_info([${name}])`),
        indexes: await read(`pragma index_list([${name}])`),
        rows: kept.map((row) => JSON.stringify(row)).toSorted(),
      };
    }),
  );
}

async function dumpFiles() {
  const { objects } = await env.FILES.list({ include: ['customMetadata'] });
  return Promise.all(
    objects.map(async ({ key, customMetadata }) => ({
      key,
      customMetadata,
      text: await (await env.FILES.get(key))!.text(),
    })),
  );
}

const manifests: Manifest[] = [];
const pieces: Piece[] = [];
let before: Awaited<ReturnType<typeof dump>>;
let keyId: string;
let valid: { path: string; key: string; accessToken: string };

beforeAll(async () => {
  const ctx = testContext();
  await insertUser('keeper', ['admin'], { passwordHash: await cheapHash(PASSWORD) });
  const key = await makeKey({ alias: 'shop' });
  keyId = key.id;
  const { endpoint, handler } = await publish(`// ${'ü"'.repeat(200_000)}\nexport default ({ n }) => ({ n: n * 2 })`, {
    access: { level: 'key', keys: [key.id] },
    log: 'full',
  });
  await env.DB.prepare('insert into handler_files (handler_id, version, texts, map) values (?, 1, ?, ?)')
    .bind(handler.id, new Uint8Array([0, 255, 128]), new Uint8Array())
    .run();
  const send = (n: number) =>
    call(`/u/${endpoint.path}`, { method: 'POST', headers: { 'x-api-key': key.key! }, body: JSON.stringify({ n }) });
  await runOf(await send(1));
  await ctx.runLog.remove((await runOf(await send(2))).id);
  await ctx.store.blobs.put('files/odd name é', new Uint8Array([0, 255, 1]), 'usr_1');
  const columns = [
    { name: 'price', type: 'number' },
    { name: 'name', type: 'text', unique: true },
  ];
  const items = await createTable(ctx, CreateTableInput.parse({ name: 'items', idType: 'integer', columns }));
  const odd = [0.1, 1 / 3, 5e-324, 1.7976931348623157e308, -0.1 - 0.2, 2 ** 53];
  const rows = odd.map((price, n) => ({ price, name: `"${n}"\u00a0\t😀` }));
  const inserted = await insertRows(ctx, { id: items.id }, rows);
  await deleteRow(ctx, { id: items.id }, String(inserted.at(-1)!.id));
  await createTable(ctx, CreateTableInput.parse({ name: 'empty', columns: [{ name: 'n', type: 'integer' }] }));
  const graph = graphOfNodes(operation('bash_jinja2', 'true'));
  expect((await askPlynx('POST', '/graphs', { body: { graph, actions: ['SAVE'] } })).status).toBe(200);
  valid = { path: endpoint.path, key: key.key!, accessToken: (await signIn('keeper', PASSWORD)).accessToken };
  before = await dump();

  manifests.push(await beginBackup(service('keeper')));
  // Changes that are later than the backup.
  await insertRows(ctx, { id: items.id }, [{ price: 1, name: 'later' }]);
  await makeKey({ alias: 'later' });
  await runOf(await send(3));
  for await (const piece of readBackup(service('keeper'), manifests[0]!)) pieces.push(piece);

  await reset();
  await migrate();
  await insertUser('restorer', ['admin'], { passwordHash: await cheapHash(PASSWORD) });
});

const write = async (as: ReturnType<typeof service>, list: Piece[], replace: boolean, manifest = manifests[0]!) =>
  writeBackup(as, await beginRestore(as, manifest, { replace, otherSecrets: [] }), list);
const restore = (list: Piece[] = pieces) => write(service('restorer'), list, false);

test('a restore that lacks a page changes nothing', async () => {
  const lacking = pieces.filter(({ part }) => part !== 'DB/endpoints');
  await expect(restore(lacking.filter(({ part }) => part.startsWith('DB')))).rejects.toThrow(
    'DB/endpoints has 1 rows, and 0 were loaded',
  );
  expect((await call(`/u/${valid.path}`, { method: 'POST' })).status).toBe(404);
  expect((await callAdmin('GET', '/session', { token: valid.accessToken })).status).toBe(401);
});

test('a service with another secret or other tables refuses a backup', async () => {
  const [manifest] = manifests as [Manifest & { secrets: object; schema: object }];
  const start = (changes: object) =>
    service('restorer').send('POST', '/admin/restores', { backup: { ...manifest, ...changes } });
  const secrets = { ...manifest.secrets, AUTH_SECRET: 'another', KEY_PEPPER: 'another' };
  await expect(start({ secrets })).rejects.toThrow(
    /backup\/secrets\/AUTH_SECRET differs .*\n.*backup\/secrets\/KEY_PEPPER differs .*API keys do not work/,
  );
  await expect(start({ schema: { ...manifest.schema, users: ['id'] } })).rejects.toThrow(
    'Deploy the release of the backup',
  );
});

test('a fresh service is after a restore as the backed up one was at that moment', async () => {
  const { accessToken } = await signIn('restorer', PASSWORD);
  // A page that was sent twice is there once.
  const twice = pieces.flatMap((piece) => (/keys|tbl_|runs/.test(piece.part) ? [piece, piece] : [piece]));
  const report = await restore(twice);
  expect(report).toMatchObject({ incarnation: 1, more: 0 });
  expect(report.sessionsEnded).toBeGreaterThan(1);
  expect(report.returned.map(({ kind, name, was }) => `${kind} ${name} ${was}`)).toEqual([
    'key shop absent',
    'user admin absent',
    'user default absent',
    'user keeper absent',
  ]);
  const after = await dump();
  expect(after.definitions).toEqual(before.definitions);
  expect(after.rows).toEqual(before.rows);
  expect(after.files).toEqual(before.files);
  expect(after.runs).toEqual(before.runs);
  expect(after.counts).toEqual(before.counts);

  const answer = await call(`/u/${valid.path}`, {
    method: 'POST',
    headers: { 'x-api-key': valid.key },
    body: JSON.stringify({ n: 21 }),
  });
  expect(await answer.json()).toEqual({ n: 42 });
  // The session of the backup, and the one that restored it.
  for (const token of [valid.accessToken, accessToken])
    expect((await callAdmin('GET', '/session', { token })).status).toBe(401);
});

test('a service that has something is replaced only when asked, and what its admins ended is reported', async () => {
  const as = service('keeper');
  await expect(write(as, pieces, false)).rejects.toThrow('must be true: this service has handlers');
  const { accessToken: token } = await signIn('keeper', PASSWORD);
  await callAdmin('PATCH', `/keys/${keyId}`, { token, body: { active: false } });
  const report = await write(as, pieces, true);
  expect(report).toMatchObject({ incarnation: 2, returned: [{ kind: 'key', id: keyId, name: 'shop', was: 'ended' }] });
  const { body } = await callAdmin('GET', '/restores', { token: (await signIn('keeper', PASSWORD)).accessToken });
  expect(body.items).toMatchObject([{ report }, { report: { incarnation: 1 } }, { report: null }]);
});

/** A service whose answers are lost at the requests with these numbers: at each the way breaks, and at the next one it answers 503. */
function losing(...numbers: number[]): typeof fetch {
  let asked = 0;
  return async (input, init) => {
    asked += 1;
    if (numbers.includes(asked)) throw new TypeError('fetch failed');
    if (numbers.includes(asked - 1)) return new Response(null, { status: 503 });
    return fetchService(input, init);
  };
}

test('a backup of many pages goes on after it was cut, and so does its restore', async () => {
  const as = service('keeper');
  const columns = [{ name: 'text', type: 'text' }];
  const { id } = await createTable(testContext(), CreateTableInput.parse({ name: 'long', columns }));
  // A page has 500 rows, or 4 MB of values.
  const insert = env.DATA.prepare(`with recursive rows(n) as (select ?1 union all select n + 1 from rows where n < ?2)
    insert into "${id}" select 'row_' || n, 1, 0, hex(zeroblob(?3 / 2)) from rows`);
  await env.DATA.batch([insert.bind(1, 1100, 100), insert.bind(2001, 2006, 1_500_000)]);
  const [, , , column] = (await env.DATA.prepare(`pragma table_info("${id}")`).all<{ name: string }>()).results;
  const measure = () =>
    env.DATA.prepare(`select count(*) as "n", sum(length("${column!.name}")) as "size" from "${id}"`).first();
  const before = await measure();

  const manifest = await beginBackup(as);
  const taken: Piece[] = [];
  const keepFrom = async (reader: AsyncGenerator<Piece>): Promise<void> => {
    for await (const piece of reader) taken.push(piece);
  };
  const account = { name: 'keeper', password: PASSWORD };
  const isOfTable = ({ part }: Piece): boolean => part === `DATA/${id}`;
  const cut = openService(losing(manifest.parts.length), ORIGIN, account, []);
  await expect(keepFrom(readBackup(cut, manifest))).rejects.toThrow('fetch failed');
  // Two answers in a row that are lost, and a third try.
  await keepFrom(readBackup(openService(losing(3), ORIGIN, account, [0, 0]), manifest, taken.at(-1)));
  expect(taken.filter(isOfTable).length).toBeGreaterThan(4);
  expect(new Set(taken.map(({ part }) => part)).size).toBeGreaterThanOrEqual(manifest.parts.length - 1);

  await env.DATA.prepare(`delete from "${id}"`).run();
  const restoreId = await beginRestore(as, manifest, { replace: true, otherSecrets: [] });
  const stored: Piece[] = [];
  const half = openService(losing(taken.length - 3), ORIGIN, account, []);
  await expect(writeBackup(half, restoreId, taken, (piece) => stored.push(piece))).rejects.toThrow('fetch failed');
  expect(await measure()).toMatchObject({ n: 0 });
  await writeBackup(as, restoreId, taken.slice(stored.length));
  expect(await measure()).toEqual(before);
});

test('the copies of a backup and a restore without their commands are dropped after a day, some at a time', async () => {
  const as = service('keeper');
  const copies = async (): Promise<number> => {
    const list = `select count(*) as n from sqlite_master where type = 'table' and (name glob 'snap_*' or name glob 'rest_*')`;
    const counts = await Promise.all([env.DB, env.DATA].map((database) => database.prepare(list).first<number>('n')));
    return counts.reduce((sum: number, count) => sum + count!, 0);
  };
  const manifest = await beginBackup(as);
  const restoreId = await beginRestore(as, manifest, { replace: true, otherSecrets: [] });
  const begun = await copies();
  const HOUR_MS = 3_600_000;
  const later = (hours: number) => ({ ...testContext(), now: () => Date.now() + hours * HOUR_MS });
  expect([await dropAbandonedCopies(later(23)), await copies()]).toEqual([0, begun]);
  const rounds = [];
  do rounds.push(await dropAbandonedCopies(later(25)));
  while (rounds.at(-1)! > 0);
  // 20 of each database.
  expect(Math.max(...rounds)).toBeLessThanOrEqual(40);
  expect([rounds.length > 2, rounds.reduce((sum, count) => sum + count), await copies()]).toEqual([true, begun, 0]);
  expect(await hasSnapshot(as, manifest)).toBe(false);
  const admin = { ...later(25), actor: testContext().actor };
  await expect(finishRestore(admin, restoreId)).rejects.toMatchObject({ code: 'not_found' });
});

test('a restore undoes the answers since its backup, kept ones and cached ones, and leaves those before it', async () => {
  await createTable(testContext(), CreateTableInput.parse({ name: 'orders', idType: 'integer', columns: [] }));
  const order = `export default async (_, ctx) => (await ctx.tables.orders.insert({})).id`;
  const count = `export default (_, ctx) => ctx.tables.orders.count()`;
  const orders = await publish(order, { idempotency: {} });
  const counter = await publish(count, { methods: ['GET'], cache: { ttlSeconds: 300 } });
  const postOrder = async (key: string) => {
    const headers = { 'idempotency-key': key };
    const response = await call(`/u/${orders.endpoint.path}`, { method: 'POST', headers });
    return [await response.json(), response.headers.get('idempotent-replayed')];
  };
  const countOrders = async () => {
    const response = await call(`/u/${counter.endpoint.path}`);
    return [await response.json(), response.headers.get('cache-status')!.includes('hit')];
  };
  expect(await postOrder('before')).toEqual([1, null]);
  const taken: Piece[] = [];
  const manifest = await beginBackup(service('keeper'));
  for await (const piece of readBackup(service('keeper'), manifest)) taken.push(piece);
  expect(await postOrder('after')).toEqual([2, null]);
  await expect.poll(countOrders).toEqual([2, true]);

  await write(service('keeper'), taken, true, manifest);
  expect(await countOrders()).toEqual([1, false]);
  expect(await postOrder('before')).toEqual([1, 'true']);
  expect(await postOrder('after')).toEqual([2, null]);
  expect(await postOrder('after')).toEqual([2, 'true']);
});
