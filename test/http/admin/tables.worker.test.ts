import { describe, expect, it } from 'vitest';
import { exports } from 'cloudflare:workers';
import { callAdmin } from '../../support/admin-api';
import { adminToken, createUser, signIn } from '../../support/sign-in';
import { unique } from '../../support/publish';

const fresh = (): string => unique('t').replaceAll('-', '_');
const columns = [
  { name: 'email', type: 'email', required: true, unique: true },
  { name: 'city', type: 'text', default: 'Gent' },
  { name: 'price', type: 'number' },
  { name: 'extra', type: 'json' },
];
/** One more than a table may have. */
const TOO_MANY = Array.from({ length: 91 }, (_, i) => ({ name: `c${i}`, type: 'text' }));
const admin = async (method: string, path: string, body?: unknown, headers?: Record<string, string>) =>
  callAdmin(method, path, {
    token: await adminToken(),
    ...(body === undefined ? {} : { body }),
    ...(headers ? { headers } : {}),
  });
const create = async (more: object = {}) => {
  const answer = await admin('POST', '/tables', { name: fresh(), columns, ...more });
  expect(answer.status, answer.text).toBe(201);
  return answer.body as { id: string; name: string; revision: number };
};
const raw = async (path: string, init: RequestInit) =>
  exports.default.fetch(`https://portico.test/admin${path}`, {
    ...init,
    headers: { authorization: `Bearer ${await adminToken()}`, ...(init.headers as Record<string, string>) },
  });

describe('/admin/tables', () => {
  it('creates, reads, lists, changes and deletes', async () => {
    const table = await create();
    expect(await admin('GET', `/tables/${table.id}`)).toMatchObject({
      status: 200,
      body: {
        schema: 'public',
        idType: 'uuid',
        read: [],
        columns: [{ name: 'email', unique: true }, { default: 'Gent' }, {}, {}],
      },
    });
    expect(JSON.stringify((await admin('GET', `/tables?name=${table.name}`)).body)).not.toContain('"key"');
    const stale = await admin('PATCH', `/tables/${table.id}`, { description: 'x' }, { 'if-match': '"7"' });
    expect([stale.status, stale.body.code]).toEqual([412, 'stale_revision']);
    const renamed = await admin(
      'PATCH',
      `/tables/${table.id}`,
      { name: `${table.name}_x`, renameColumns: { city: 'town' } },
      { 'if-match': '"1"' },
    );
    expect([renamed.status, renamed.headers.get('etag')]).toEqual([200, '"2"']);
    const audit = await admin('GET', `/audit?objectId=${table.id}`);
    expect((audit.body.items as { action: string }[]).map(({ action }) => action)).toEqual([
      'table.update',
      'table.create',
    ]);
    expect((await admin('DELETE', `/tables/${table.id}`)).status).toBe(204);
    expect((await admin('GET', `/tables/${table.id}`)).status).toBe(404);
    expect((await admin('GET', `/tables/${table.id}/rows`)).status).toBe(404);
  });

  it.each([
    [{ name: 'Bad' }, 'invalid_input'],
    [{ name: '1x' }, 'invalid_input'],
    [{ name: 'x"; drop table y; --' }, 'invalid_input'],
    [{ name: 'ok', columns: [{ name: 'id', type: 'text' }] }, 'invalid_input'],
    [{ name: 'ok', columns: [{ name: 'a', type: 'money' }] }, 'invalid_input'],
    [
      {
        name: 'ok',
        columns: [
          { name: 'a', type: 'text' },
          { name: 'a', type: 'text' },
        ],
      },
      'invalid_input',
    ],
    [{ name: 'ok', columns: [{ name: 'a', type: 'integer', default: 'x' }] }, 'invalid_input'],
    [{ name: 'ok', columns: [{ name: 'a', type: 'json', unique: true }] }, 'invalid_input'],
    [{ name: 'ok', read: ['no-such-role'] }, 'invalid_input'],
    [{ name: 'ok', owner: 'me' }, 'unknown_field'],
    [{ name: 'ok', columns: TOO_MANY }, 'invalid_input'],
  ])('refuses %#: %o', async (body, code) => {
    const answer = await admin('POST', '/tables', body);
    expect([answer.status, answer.body.code]).toEqual([422, code]);
  });

  it('takes a name once in a schema', async () => {
    const { name } = await create();
    expect((await admin('POST', '/tables', { name })).body.code).toBe('name_taken');
    expect((await admin('POST', '/tables', { name, schema: 'other' })).status).toBe(201);
    const [one, two] = await Promise.all([0, 1].map(() => admin('POST', '/tables', { name, schema: 'racing' })));
    expect(new Set([one!.status, two!.status])).toEqual(new Set([201, 409]));
  });
});

describe('/admin/tables/:id/rows', () => {
  it('inserts, lists with conditions, changes and deletes', async () => {
    const { id } = await create();
    const rows = ['a', 'b', 'c'].map((letter, i) => ({ email: `${letter}@x.dev`, price: i, extra: { letter } }));
    const inserted = await admin('POST', `/tables/${id}/rows`, { rows });
    expect(inserted.status).toBe(201);
    const items = inserted.body.items as { id: string }[];
    expect(items[0]).toMatchObject({ email: 'a@x.dev', city: 'Gent', price: 0, extra: { letter: 'a' } });
    expect((await admin('GET', `/tables/${id}/rows`)).body.items).toEqual(items);
    const where = encodeURIComponent(JSON.stringify({ price: { gte: 1 } }));
    const first = await admin('GET', `/tables/${id}/rows?where=${where}&order=-price&columns=email&limit=1`);
    expect(first.body.items).toEqual([{ id: items[2]!.id, email: 'c@x.dev' }]);
    const next = await admin(
      'GET',
      `/tables/${id}/rows?where=${where}&order=-price&limit=1&cursor=${String(first.body.nextCursor)}`,
    );
    expect(next.body).toMatchObject({ items: [{ email: 'b@x.dev' }], nextCursor: null });
    const row = `/tables/${id}/rows/${items[0]!.id}`;
    expect((await admin('PATCH', row, { price: 9.5 })).body).toMatchObject({ price: 9.5, email: 'a@x.dev' });
    expect((await admin('GET', row)).body).toMatchObject({ price: 9.5 });
    expect((await admin('PATCH', `/tables/${id}/rows`, { where: {}, changes: { city: 'Aalst' } })).status).toBe(422);
    expect(
      (await admin('PATCH', `/tables/${id}/rows`, { where: {}, changes: { city: 'Aalst' }, many: true, all: true }))
        .body,
    ).toEqual({ count: 3 });
    expect((await admin('DELETE', `/tables/${id}/rows`, { where: { city: 'Gent' }, many: true })).body).toEqual({
      count: 0,
    });
    expect((await admin('DELETE', row)).status).toBe(204);
    expect((await admin('DELETE', row)).status).toBe(404);
    expect((await admin('GET', `/tables/${id}/rows/'%20or%201=1`)).status).toBe(404);
    const audit = await admin('GET', `/audit?objectId=${id}&object=row`);
    expect((audit.body.items as { action: string }[]).map(({ action }) => action)).toEqual([
      'row.delete',
      'row.delete',
      'row.update',
      'row.update',
      'row.insert',
    ]);
    expect(audit.text).not.toContain('@x.dev');
  });

  it('lists every issue of every row, and inserts none of them', async () => {
    const { id } = await create();
    const answer = await admin('POST', `/tables/${id}/rows`, {
      rows: [{ email: 'a@x.dev' }, { email: 'nobody', price: '5', toString: 1 }, { created_at: 'now' }],
    });
    expect([answer.status, answer.body.errors]).toEqual([
      422,
      [
        { pointer: '#/rows/1/toString', code: 'unknown_column', message: 'is not a column of this table' },
        { pointer: '#/rows/1/email', code: 'invalid_value', message: 'must be an e-mail address' },
        { pointer: '#/rows/1/price', code: 'invalid_value', message: 'must be a finite number' },
        { pointer: '#/rows/2/created_at', code: 'read_only', message: 'must not be set' },
        { pointer: '#/rows/2/email', code: 'required', message: 'is required' },
      ],
    ]);
    expect((await admin('GET', `/tables/${id}/rows`)).body.items).toEqual([]);
  });

  it('takes __proto__ for a column that is not there', async () => {
    const { id } = await create();
    await admin('POST', `/tables/${id}/rows`, { rows: [{ email: 'a@x.dev' }] });
    for (const [method, body] of [
      ['POST', '{"rows":[{"email":"b@x.dev","__proto__":{"city":"x"}}]}'],
      ['PATCH', '{"where":{},"many":true,"all":true,"changes":{"__proto__":1}}'],
      ['DELETE', '{"where":{"__proto__":1},"many":true}'],
      ['DELETE', '{"where":{"email":{"__proto__":1}},"many":true}'],
    ]) {
      const answer = await raw(`/tables/${id}/rows`, {
        method: method!,
        headers: { 'content-type': 'application/json' },
        body: body!,
      });
      expect([method, answer.status]).toEqual([method, 422]);
    }
    expect((await admin('GET', `/tables/${id}/rows`)).body.items).toHaveLength(1);
  });

  it('refuses a value that must be unique and is there', async () => {
    const { id } = await create();
    const rows = [{ email: 'a@x.dev' }];
    await admin('POST', `/tables/${id}/rows`, { rows });
    const again = await admin('POST', `/tables/${id}/rows`, { rows: [{ email: 'b@x.dev' }, ...rows] });
    expect([again.status, again.body.code, again.body.errors]).toMatchObject([
      409,
      'value_taken',
      [{ pointer: '#/email' }],
    ]);
    expect((await admin('GET', `/tables/${id}/rows`)).body.items).toHaveLength(1);
  });

  it.each([
    'limit=0',
    'limit=1001',
    'limit=x',
    'order=nope',
    'where={',
    'where={"nope":1}',
    'where={"price":"1"}',
    'cursor=x',
    'columns=nope',
    'sort=price',
    'where={"price":{"like":1}}',
    'where={"email":"a@x.dev","email":"b@x.dev"}',
    'where={"price":{"gte":5,"gte":9}}',
    'where={"price":9007199254740993}',
    'where={"price":1e999}',
  ])('answers 400 to %s', async (query) => {
    const { id } = await create();
    const answer = await admin('GET', `/tables/${id}/rows?${query}`);
    expect([answer.status, answer.body.code]).toEqual([400, 'invalid_parameter']);
  });

  it('names what reading a condition would lose', async () => {
    const { id } = await create();
    const answer = await admin('GET', `/tables/${id}/rows?where={"price":{"in":[1,9007199254740993]}}`);
    expect(answer.body.errors).toMatchObject([
      {
        pointer: '#/query/where',
        code: 'inexact_number',
        message: expect.stringMatching(/^price\/in\/1 must not be a whole number beyond/) as string,
      },
    ]);
  });
});

describe('import and export', () => {
  const send = async (id: string, type: string, body: string) => {
    const response = await raw(`/tables/${id}/import`, { method: 'POST', headers: { 'content-type': type }, body });
    return {
      status: response.status,
      body: (await response.json()) as { code?: string; errors?: { line: number; message: string }[] },
    };
  };

  it('reads CSV and gives it back', async () => {
    const { id } = await create();
    const csv =
      '\ufeffemail,city,price,extra\r\na@x.dev,"Sint-""N"",\nWaas",1.5,"{""a"":[1]}"\r\n\r\nb@x.dev,,,\r\nc@x.dev,"",-2,null\r\n';
    expect(await send(id, 'text/csv; charset=utf-8', csv)).toEqual({ status: 200, body: { count: 3 } });
    const { body } = await admin('GET', `/tables/${id}/rows?order=email`);
    expect(body.items).toMatchObject([
      { city: 'Sint-"N",\nWaas', price: 1.5, extra: { a: [1] } },
      { city: 'Gent', price: null, extra: null },
      { city: '', price: -2, extra: null },
    ]);
    const exported = await raw(`/tables/${id}/export`, {});
    expect(exported.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
    expect(exported.headers.get('content-disposition')).toMatch(/^attachment; filename="public\.t_.*\.csv"$/);
    const text = await exported.text();
    const copy = await create();
    expect((await send(copy.id, 'text/csv', text)).body).toEqual({ count: 3 });
    const untimed = (rows: unknown) =>
      (rows as Record<string, unknown>[]).map(({ created_at: _c, updated_at: _u, ...row }) => row);
    expect(untimed((await admin('GET', `/tables/${copy.id}/rows?order=email`)).body.items)).toEqual(
      untimed(body.items),
    );
    const lines = new TextDecoder()
      .decode(await (await raw(`/tables/${id}/export?format=ndjson&columns=email&order=-email`, {})).arrayBuffer())
      .split('\n');
    expect(lines.map((line) => (line === '' ? '' : (JSON.parse(line) as { email: string }).email))).toEqual([
      'c@x.dev',
      'b@x.dev',
      'a@x.dev',
      '',
    ]);
  });

  it('the type of a column cannot change, and the remedy in the refusal works', async () => {
    const old = await create({ columns: [{ name: 'price', type: 'text' }] });
    await admin('POST', `/tables/${old.id}/rows`, { rows: [{ price: '9.5' }, { price: '7' }, {}] });
    const advice = expect.stringContaining('create a table with the new type') as unknown;
    for (const [change, pointer] of [
      [{ columns: [{ name: 'price', type: 'number' }] }, '#/columns'],
      [{ addColumns: [{ name: 'price', type: 'number' }] }, '#/addColumns/0/name'],
    ]) {
      const refused = await admin('PATCH', `/tables/${old.id}`, change);
      expect(refused).toMatchObject({ status: 422, body: { errors: [{ pointer, message: advice }] } });
    }
    const before = await admin('GET', `/tables/${old.id}/rows`);
    const made = await create({ columns: [{ name: 'price', type: 'number' }] });
    expect((await send(made.id, 'text/csv', await (await raw(`/tables/${old.id}/export`, {})).text())).status).toBe(
      200,
    );
    await admin('PATCH', `/tables/${old.id}`, { name: `${old.name}_old` });
    expect((await admin('PATCH', `/tables/${made.id}`, { name: old.name })).status).toBe(200);
    const idsOf = ({ body }: { body: Record<string, unknown> }) => (body.items as { id: string }[]).map(({ id }) => id);
    const after = await admin('GET', `/tables/${made.id}/rows`);
    expect(idsOf(after)).toEqual(idsOf(before));
    expect(after.body.items).toMatchObject([{ price: 9.5 }, { price: 7 }, { price: null }]);
  });

  it('lists every bad line of a CSV file with its number, and imports none', async () => {
    const { id } = await create();
    await admin('POST', `/tables/${id}/rows`, { rows: [{ email: 'there@x.dev' }] });
    const answer = await send(
      id,
      'text/csv',
      'email,price\na@x.dev,1\nnobody,x\n\n"b@x.dev","2"\nc@x.dev\n,3\na@x.dev,7\nd"d@x.dev,8\ne,9\n',
    );
    expect(answer.status).toBe(422);
    expect(answer.body.errors?.map(({ line, message }) => [line, message.slice(0, 40)])).toEqual([
      [3, 'must be an e-mail address'],
      [3, 'must be a finite number'],
      [6, 'has 1 cell where the header has 2'],
      [7, 'is required'],
      [8, 'line 2 has the same value'],
      [9, expect.stringContaining('has a quote within a cell') as string],
      [10, 'must be an e-mail address'],
    ]);
    const taken = await send(id, 'text/csv', 'email\nnew@x.dev\nthere@x.dev\n');
    expect(taken).toMatchObject({
      status: 422,
      body: { errors: [{ line: 3, pointer: '#/email', code: 'value_taken' }] },
    });
    expect((await admin('GET', `/tables/${id}/rows`)).body.items).toHaveLength(1);
  });

  it('lists every bad line of an NDJSON file', async () => {
    const { id } = await create();
    const answer = await send(
      id,
      'application/x-ndjson',
      '{"email":"a@x.dev"}\n[1]\n\n{oops\n{"email":"b@x.dev","nope":1}\n',
    );
    expect(answer.body.errors).toMatchObject([
      { line: 2, message: 'must be a JSON object; each line must be one object' },
      { line: 4, message: 'must be JSON; each line must be one object' },
      { line: 5, pointer: '#/nope' },
    ]);
  });

  it('refuses other types, other characters and files that are too large', async () => {
    const { id } = await create();
    expect((await send(id, 'application/json', '{}')).status).toBe(415);
    expect((await send(id, 'text/csv', 'x'.repeat(5 * 1_048_576 + 1))).status).toBe(413);
    const lines = Array.from({ length: 20_001 }, (_, i) => `{"email":"u${i}@x.dev"}`);
    expect((await send(id, 'application/x-ndjson', lines.join('\n'))).status).toBe(413);
    expect((await send(id, 'text/csv', '')).status).toBe(422);
    expect((await send(id, 'text/csv', 'email,nope\n')).body.errors).toMatchObject([
      { line: 1, message: expect.stringMatching(/^unknown column nope; .*: id, created_at, .*, extra$/) as string },
    ]);
  });

  it('imports up to its documented number of rows, and streams exports', async () => {
    const { id } = await create();
    const lines = Array.from({ length: 20_000 }, (_, i) => `u${i}@x.dev,${i}`);
    expect(await send(id, 'text/csv', `email,price\n${lines.join('\n')}\n`)).toEqual({
      status: 200,
      body: { count: 20_000 },
    });
    const text = await (await raw(`/tables/${id}/export?columns=price`, {})).text();
    const prices = text
      .trim()
      .split('\r\n')
      .slice(1)
      .map((line) => Number(line.split(',')[1]));
    expect(prices).toEqual(lines.map((_, i) => i));
  }, 30_000);
});

describe('access to tables', () => {
  it.each([
    ['developer', [200, 1, 200, 201, 200, 200]],
    ['viewer', [200, 1, 403, 403, 403, 403]],
    ['a role that the table names', [200, 1, 200, 403, 200, 403]],
    ['none', [404, 0, 404, 404, 404, 403]],
  ])(
    'is admins, developers, and people whose roles a table names: %s',
    async (which, expected) => {
      const role = fresh();
      await admin('POST', '/roles', { name: role });
      const table = await create({ read: [role] });
      const person = unique('person');
      await createUser(person, which === 'none' ? [] : [which.startsWith('a role') ? role : which]);
      const token = (await signIn(person)).accessToken;
      const body = { rows: [{ email: 'a@x.dev' }] };
      expect([
        (await callAdmin('GET', `/tables/${table.id}`, { token })).status,
        ((await callAdmin('GET', `/tables?name=${table.name}`, { token })).body.items as unknown[]).length,
        (await callAdmin('GET', `/tables/${table.id}/rows`, { token })).status,
        (await callAdmin('POST', `/tables/${table.id}/rows`, { token, body })).status,
        (await callAdmin('GET', `/tables/${table.id}/export`, { token })).status,
        (await callAdmin('PATCH', `/tables/${table.id}`, { token, body: { description: 'x' } })).status,
      ]).toEqual(expected);
    },
    20_000,
  );

  it('prevents the deletion of a role', async () => {
    const role = fresh();
    await admin('POST', '/roles', { name: role });
    const table = await create({ write: [role] });
    const refused = await admin('DELETE', `/roles/${role}`);
    expect([refused.status, refused.body.code]).toEqual([409, 'in_use']);
    await admin('PATCH', `/tables/${table.id}`, { write: [], read: [role] });
    expect((await admin('DELETE', `/roles/${role}`)).status).toBe(409);
    await admin('PATCH', `/tables/${table.id}`, { read: [] });
    expect((await admin('DELETE', `/roles/${role}`)).status).toBe(204);
  });
});
