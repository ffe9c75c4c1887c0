import { env } from 'cloudflare:workers';
import { describe, expect, test } from 'vitest';
import { UpdateEndpointInput } from '../../src/core/publishing/endpoints/endpoint.schema';
import { updateEndpoint } from '../../src/core/publishing/endpoints/update-endpoint';
import { createRole } from '../../src/core/identity/roles/create-role';
import { createTable } from '../../src/core/tables/catalogue/create-table';
import { insertRows } from '../../src/core/tables/rows/insert-rows';
import { CreateTableInput, type Table } from '../../src/core/tables/catalogue/table.schema';
import { testContext } from '../support/context';
import { insertUser } from '../support/people';
import { postJson, publish, unique } from '../support/publish';

const ctx = testContext();
const name = (prefix: string): string => unique(prefix).replaceAll('-', '_');

/** A role, a user who has it and a user who has another, and a table with two rows that the first role may use. */
async function world() {
  const role = name('role');
  await createRole(ctx, { name: role, description: '' });
  const table = await createTable(
    ctx,
    CreateTableInput.parse({
      schema: 'crm',
      name: name('accounts'),
      idType: 'integer',
      columns: [
        { name: 'name', type: 'text', required: true },
        { name: 'since', type: 'date' },
        { name: 'open', type: 'boolean', default: true },
      ],
      read: [role],
      write: [role],
    }),
  );
  const rows = [
    { name: 'Acme', since: '2020-01-31' },
    { name: 'Globex', open: false },
  ];
  await insertRows(ctx, { id: table.id }, rows);
  return { table, may: await insertUser(name('may'), [role]), mayNot: await insertUser(name('not'), ['developer']) };
}
const of = ({ schema, name: table }: Table): string => `${schema}.${table}`;
const answer = async (path: string, body: unknown = {}): Promise<{ status: number; body: unknown }> => {
  const response = await postJson(`/u/${path}`, body);
  const text = await response.text();
  return { status: response.status, body: /^[[{"0-9tfn]/.test(text) ? JSON.parse(text) : text };
};

/** Does what it is told with a table, and answers what came out or what was refused. */
const JAVASCRIPT = `export default async ({ table, steps }, ctx) => {
  const out = [];
  for (const [verb, ...args] of steps) {
    try { out.push(await ctx.tables[table][verb](...args)) }
    catch (e) { out.push({ name: e.name, code: e.code, errors: e.errors.map((x) => x.pointer), message: e.message }) }
  }
  return out;
}`;
const PYTHON = `import tables
def run(table, steps):
    out = []
    for verb, *args in steps:
        try: out.append(getattr(tables.table(table), verb)(*args))
        except tables.TableError as e: out.append({"code": e.code, "message": str(e)})
    return out
result = run
`;
const timed = {
  id: expect.any(Number) as number,
  created_at: expect.any(String) as string,
  updated_at: expect.any(String) as string,
};

describe.each(['pooled', 'per-call', 'shared'] as const)('%s', (instance) => {
  test('JavaScript reads and writes with the rights of its executor', async () => {
    const { table, may, mayNot } = await world();
    const yes = (await publish(JAVASCRIPT, { instance, executor: may.id })).endpoint.path;
    const steps = [
      ['list', { where: { open: true }, columns: ['name'] }],
      ['find', { order: ['-name'], limit: 1 }],
      ['insert', { name: 'Initech', since: '2024-02-29' }],
      ['insert', [{ name: 'a' }, { name: 'b' }]],
      ['get', 3],
      ['get', 999],
      ['update', 1, { open: false }],
      ['updateMany', [{ field: 'name', op: 'in', value: ['a', 'b'] }], { open: false }],
      ['count', { open: false }],
      ['delete', 2],
      ['delete', 2],
      ['deleteMany', { name: { startsWith: 'I' } }],
      ['insert', { name: 5, since: '2024-02-30', nope: 1 }],
      ['find', { where: { nope: 1 } }],
    ];
    const done = await answer(yes, { table: of(table), steps });
    expect(done.body).toEqual([
      { rows: [{ id: 1, name: 'Acme' }], nextCursor: null },
      [{ ...timed, name: 'Globex', since: null, open: false }],
      { ...timed, id: 3, name: 'Initech', since: '2024-02-29', open: true },
      [
        { ...timed, id: 4, name: 'a', since: null, open: true },
        { ...timed, id: 5, name: 'b', since: null, open: true },
      ],
      { ...timed, id: 3, name: 'Initech', since: '2024-02-29', open: true },
      null,
      { ...timed, id: 1, name: 'Acme', since: '2020-01-31', open: false },
      { count: 2 },
      4,
      true,
      false,
      { count: 1 },
      {
        name: 'TableError',
        code: 'invalid_input',
        errors: ['#/rows/0/nope', '#/rows/0/name', '#/rows/0/since'],
        message: expect.any(String) as string,
      },
      {
        name: 'TableError',
        code: 'invalid_parameter',
        errors: ['#/query/where/nope'],
        message: expect.stringContaining('unknown column nope') as string,
      },
    ]);
    const no = (await publish(JAVASCRIPT, { instance, executor: mayNot.id })).endpoint.path;
    const refused = await answer(no, {
      table: of(table),
      steps: [['find'], ['insert', { name: 'x' }], ['deleteMany', {}]],
    });
    for (const one of refused.body as unknown[])
      expect(one).toMatchObject({
        code: 'not_found',
        message: expect.stringMatching(
          new RegExp(`^table ${of(table)} not found, or the executor ${mayNot.name} may not use it`),
        ) as string,
      });
    expect((await answer(yes, { table: of(table), steps: [['count']] })).body).toEqual([3]);
  });

  test('a condition without a value is an error, never every row', async () => {
    const { table, may } = await world();
    const source = `export default async ({ name, how }: { name?: string; how: string }, ctx: any) => {
      const t = ctx.tables['${of(table)}'];
      const where = { name };
      try {
        return await { delete: () => t.deleteMany(where), update: () => t.updateMany(where, { open: false }), count: () => t.count(where),
          find: () => t.find({ where }), none: () => t.deleteMany({}), date: () => t.count({ since: new Date(0) }),
          every: () => t.updateMany({}, { open: false }, { all: true }) }[how]!();
      } catch (e) { return [(e as any).name, (e as any).code, (e as any).errors[0].pointer]; }
    }`;
    const { path } = (await publish(source, { instance, executor: may.id }, 'ts')).endpoint;
    for (const how of ['delete', 'update', 'count', 'find'])
      expect((await answer(path, { how })).body).toEqual(['TableError', 'invalid_input', '#/where/name']);
    expect((await answer(path, { how: 'none' })).body).toEqual(['TableError', 'invalid_input', '#/where']);
    expect((await answer(path, { how: 'date' })).body).toEqual([
      'TableError',
      'invalid_parameter',
      '#/query/where/since',
    ]);
    expect((await answer(path, { how: 'count', name: 'Acme' })).body).toBe(1);
    expect((await answer(path, { how: 'every' })).body).toEqual({ count: 2 });
  });

  test('a new executor is one at once', async () => {
    const { table, may, mayNot } = await world();
    const { endpoint } = await publish(JAVASCRIPT, { instance, executor: mayNot.id });
    const ask = () => answer(endpoint.path, { table: of(table), steps: [['count']] });
    expect((await ask()).body).toMatchObject([{ code: 'not_found' }]);
    await updateEndpoint(ctx, endpoint.id, UpdateEndpointInput.parse({ executor: may.id }), null);
    expect((await ask()).body).toEqual([2]);
    await updateEndpoint(ctx, endpoint.id, UpdateEndpointInput.parse({ executor: mayNot.id }), null);
    expect((await ask()).body).toMatchObject([{ code: 'not_found' }]);
  });

  test('a user who is disabled during a call loses all rights', async () => {
    const { table, may } = await world();
    const { endpoint } = await publish(JAVASCRIPT, { instance, executor: may.id });
    const ask = () => answer(endpoint.path, { table: of(table), steps: [['count']] });
    expect((await ask()).body).toEqual([2]);
    await env.DB.prepare('update users set active = 0 where id = ?').bind(may.id).run();
    // The definition that this isolate has read is a moment older; the rights are not.
    expect((await ask()).body).toMatchObject([{ code: 'executor_disabled' }]);
  });
});

describe.each(['pooled', 'shared'] as const)('%s', (instance) => {
  test('Python reads and writes with the rights of its executor', async () => {
    const { table, may, mayNot } = await world();
    const yes = (await publish(PYTHON, { instance, executor: may.id }, 'py')).endpoint.path;
    const steps = [
      ['list', { open: true }, ['-name']],
      ['insert', { name: 'Initech' }],
      ['update', 3, { since: '2024-02-29' }],
      ['count', { since: { gte: '2020-01-31' } }],
      ['update_many', { name: 'Initech' }, { open: false }],
      ['delete_many', [{ field: 'open', value: false }]],
      ['get', 3],
      ['insert', { name: null }],
    ];
    const done = await answer(yes, { table: of(table), steps });
    expect(done.body).toEqual([
      [{ ...timed, id: 1, name: 'Acme', since: '2020-01-31', open: true }],
      { ...timed, id: 3, name: 'Initech', since: null, open: true },
      { ...timed, id: 3, name: 'Initech', since: '2024-02-29', open: true },
      2,
      1,
      2,
      null,
      { code: 'invalid_input', message: 'rows/0/name: is required' },
    ]);
    const every = `import tables
def run(how, name=None):
    t = tables.table("${of(table)}")
    try:
        return {"nan": lambda: t.delete_many({"name": float("nan")}), "none": lambda: t.delete_many(), "empty": lambda: t.update_many([], {}),
          "null": lambda: t.delete_many({"name": name}), "all": lambda: t.delete_many(all=True)}[how]()
    except tables.TableError as e: return [e.code, e.errors[0]["code"], e.errors[0]["pointer"]]
result = run
`;
    const { path } = (await publish(every, { instance, executor: may.id }, 'py')).endpoint;
    await insertRows(ctx, { id: table.id }, [{ name: 'left' }]);
    for (const [how, expected] of [
      ['nan', ['invalid_input', 'no_json_form', '#/where/name']],
      ['none', ['invalid_input', 'no_condition', '#/where']],
      ['empty', ['invalid_input', 'no_condition', '#/where']],
      ['null', 0],
      ['all', 2],
    ])
      expect((await answer(path, { how })).body, String(how)).toEqual(expected);
    const no = (await publish(PYTHON, { instance, executor: mayNot.id }, 'py')).endpoint.path;
    expect((await answer(no, { table: of(table), steps: [['all'], ['delete', 1]] })).body).toMatchObject([
      { code: 'not_found' },
      { code: 'not_found' },
    ]);
  });
});

test('pq.dbconnect ignores the name of the database, and an unknown table is an error with a hint', async () => {
  const { table, may } = await world();
  const source = `def handler():
    database = pq.dbconnect('dw_2')
    try: database.fetch('dw_2', 'crm', 'no_such')
    except Exception as error: reason = str(error)
    return {"rows": database.fetch('dw_2', '${table.schema}', '${table.name}'), "reason": reason}
`;
  const { endpoint } = await publish(source, { executor: may.id }, 'py');
  expect((await answer(endpoint.path)).body).toEqual({
    rows: [
      { ...timed, name: 'Acme', since: '2020-01-31', open: true },
      { ...timed, name: 'Globex', since: null, open: false },
    ],
    reason: `table crm.no_such not found, or the executor ${may.name} may not use it; available tables: ${of(table)}`,
  });
});

test('a table is iterated page by page', async () => {
  const { table, may } = await world();
  for (let i = 0; i < 3; i++)
    await insertRows(
      ctx,
      { id: table.id },
      Array.from({ length: 700 }, (_, n) => ({ name: `n${i}-${n}` })),
    );
  const { endpoint } = await publish(
    `export default async ({ table }, ctx) => { const ids = new Set(); for await (const row of ctx.tables[table]) ids.add(row.id); return ids.size }`,
    { executor: may.id },
  );
  expect((await answer(endpoint.path, { table: of(table) })).body).toBe(2102);
});

test('ctx.tables is not thenable, and rejects assignments', async () => {
  const { endpoint } = await publish(
    `export default async (p, ctx) => { const t = await ctx.tables; try { t.x = 1 } catch (e) { return [typeof t, e.name, JSON.stringify({ t })] } }`,
  );
  expect((await answer(endpoint.path)).body).toEqual(['object', 'TypeError', '{"t":{}}']);
});

test('rights are read afresh: a role that is taken away is gone at once', async () => {
  const { table, may } = await world();
  const { endpoint } = await publish(JAVASCRIPT, { executor: may.id });
  const steps = [['count']];
  expect((await answer(endpoint.path, { table: of(table), steps })).body).toEqual([2]);
  await env.DB.prepare(`update users set roles = '[]' where id = ?`).bind(may.id).run();
  expect((await answer(endpoint.path, { table: of(table), steps })).body).toMatchObject([{ code: 'not_found' }]);
});
