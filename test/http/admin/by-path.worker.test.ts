import { exports } from 'cloudflare:workers';
import { beforeAll, expect, test } from 'vitest';
import { callAdmin } from '../../support/admin-api';
import { unique } from '../../support/publish';
import { adminToken } from '../../support/sign-in';

let token = '';
const api = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
  callAdmin(method, `/by-path${path}`, { token, body, headers });
const raw = async (path: string, source: string, type = 'text/plain') =>
  exports.default.fetch(`https://portico.test/admin/by-path/handlers/${path}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${token}`, 'content-type': type },
    body: source,
  });
const audited = async (id: unknown): Promise<number> =>
  ((await callAdmin('GET', `/audit?objectId=${String(id)}`, { token })).body.items as unknown[]).length;
const word = (prefix: string): string => unique(prefix).replaceAll('-', '_');

beforeAll(async () => {
  token = await adminToken();
});

test('a source is saved at its path as it is, once, and read back', async () => {
  const path = `${unique('folder')}/größe quote.js`;
  const first = await raw(encodeURI(path), 'export default () => "é"');
  const handler = await first.json<{ id: string; path: string; defaultVersion: number; revision: number }>();
  expect([first.status, handler.path, handler.defaultVersion]).toEqual([200, path, 1]);
  const again = await (await raw(encodeURI(path), '\uFEFFexport default () => "é"')).json();
  expect(again).toMatchObject({ latestVersion: 1, revision: handler.revision });
  expect(await audited(handler.id)).toBe(1);
  const second = await (await raw(`${encodeURIComponent(path)}?deploy=false`, 'export default () => 2')).json();
  expect(second).toMatchObject({ defaultVersion: 1, latestVersion: 2 });
  const read = await api('GET', `/handlers/${encodeURI(path)}`);
  expect([read.status, read.text]).toEqual([200, 'export default () => "é"']);
  const deployed = await (await raw(encodeURI(path), 'export default () => 2')).json();
  expect(deployed).toMatchObject({ defaultVersion: 2, latestVersion: 2 });
});

test('a source that does not compile, is too large or has another extension is refused', async () => {
  const path = unique('bad');
  const refused = await raw(`${path}.ts`, 'export default (');
  expect([refused.status, (await refused.json<{ code: string }>()).code]).toEqual([422, 'invalid_source']);
  expect((await raw(`${path}.rb`, 'x')).status).toBe(422);
  expect((await raw(`${path}.js`, `//${'x'.repeat(1_048_576)}`)).status).toBe(413);
  expect((await raw(`${path}.js`, 'x', 'image/png')).status).toBe(415);
  expect((await api('GET', `/handlers/${path}.ts`)).status).toBe(404);
});

test('an endpoint is made at its path, replaced as a whole, and what GET answers can be sent back', async () => {
  const handler = `${unique('h')}.js`;
  await raw(handler, 'export default () => 1');
  const path = unique('ep');
  const made = await api('PUT', `/endpoints/${path}`, { handler: { path: handler }, title: 'One' });
  expect([made.status, made.body.path, made.body.title]).toEqual([200, path, 'One']);
  const { body } = await api('GET', `/endpoints/${path}`);
  const back = await api('PUT', `/endpoints/${path}`, body, { 'if-match': '"1"' });
  expect([back.status, back.body.revision, await audited(body.id)]).toEqual([200, 1, 1]);
  const changed = await api('PUT', `/endpoints/${path}`, { ...body, title: 'Two' });
  expect([changed.body.title, changed.body.revision]).toEqual(['Two', 2]);
  const reset = await api('PUT', `/endpoints/${path}`, { handler: { path: handler } });
  expect([reset.body.title, reset.body.executor]).toEqual(['', body.executor]);
  expect((await api('PUT', `/endpoints/${path}`, { ...body })).status).toBe(412);
  expect((await api('PUT', `/endpoints/${path}`, { ...reset.body, warnings: undefined, id: 'ep_other' })).status).toBe(
    422,
  );
  expect((await api('PUT', `/endpoints/${path}`, { handler: { path: handler }, path: 'other' })).status).toBe(422);
  expect(
    (await api('PUT', `/endpoints/${unique('no')}`, { handler: { path: handler } }, { 'if-match': '"1"' })).status,
  ).toBe(412);
});

test('of several endpoints at one path, the methods of the settings or of the query name one', async () => {
  const handler = `${unique('h')}.js`;
  await raw(handler, 'export default () => 1');
  const path = `${unique('orders')}/:id`;
  const settings = { handler: { path: handler } };
  const write = await api('PUT', `/endpoints/${path}`, settings);
  const read = await api('PUT', `/endpoints/${path}`, { ...settings, methods: ['GET'] });
  expect([write.body.methods, read.body.methods, read.body.path]).toEqual([['POST'], ['GET'], path]);
  expect((await api('GET', `/endpoints/${path}`)).body.code).toBe('invalid_parameter');
  const { body } = await api('GET', `/endpoints/${path}?method=GET`);
  expect(body.id).toBe(read.body.id);
  expect((await api('PUT', `/endpoints/${path}`, { ...body, title: 'Read' })).body).toMatchObject({
    id: body.id,
    title: 'Read',
  });
  const moved = await api('PUT', `/endpoints/${path}?method=GET`, { ...settings, methods: ['PUT'] });
  expect([moved.body.id, moved.body.methods]).toEqual([body.id, ['PUT']]);
  expect((await api('PUT', `/endpoints/${path}`, { ...settings, methods: ['PUT', 'POST'] })).status).toBe(400);
});

test('a table grows to what is sent, and loses nothing', async () => {
  const name = `shop.${word('t')}`;
  const definition = { schema: 'shop', name: name.slice(5), columns: [{ name: 'a', type: 'text' }] };
  const made = await api('PUT', `/tables/${name}`, definition);
  expect([made.status, made.body.revision]).toEqual([200, 1]);
  const { body } = await api('GET', `/tables/${name}`);
  expect((await api('PUT', `/tables/${name}`, body)).body.revision).toBe(1);
  expect(await audited(body.id)).toBe(1);
  const columns = [
    { name: 'b', type: 'integer' },
    { name: 'a', type: 'text' },
  ];
  const grown = await api('PUT', `/tables/${name}`, { ...definition, columns, read: [] });
  expect([grown.body.revision, (grown.body.columns as { name: string }[]).map((column) => column.name)]).toEqual([
    2,
    ['a', 'b'],
  ]);
  for (const lossy of [
    { columns: [] },
    { columns: [{ name: 'a', type: 'integer' }, columns[0]] },
    { columns, idType: 'integer' },
  ])
    expect((await api('PUT', `/tables/${name}`, { ...definition, ...lossy })).status).toBe(422);
});

test('a role is made and changed by its name', async () => {
  const name = word('role');
  expect((await api('PUT', `/roles/${name}`, {})).body).toMatchObject({ name, description: '', revision: 1 });
  const { body } = await callAdmin('GET', `/roles/${name}`, { token });
  expect((await api('PUT', `/roles/${name}`, body)).body.revision).toBe(1);
  expect((await api('PUT', `/roles/${name}`, { ...body, description: 'x' })).body.revision).toBe(2);
  expect((await api('PUT', '/roles/admin', { description: 'x' })).status).toBe(403);
  expect((await api('PUT', `/roles/${name}`, { name: 'other' })).status).toBe(422);
});
