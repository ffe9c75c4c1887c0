import { exports } from 'cloudflare:workers';
import { beforeAll, expect, test, vi } from 'vitest';
import {
  approveOperation,
  createOperation,
  getOperation,
  replaceOperation,
} from '../../../src/plynx/authoring/operations';
import { callAdmin, type AdminAnswer } from '../../support/admin-api';
import { testContext } from '../../support/context';
import { operation } from '../../support/graphs';
import { adminToken, createUser, signIn } from '../../support/sign-in';
import { unique } from '../../support/publish';

let token = '';
let viewer = '';
const api = (
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<AdminAnswer> => callAdmin(method, path, { token, body, headers });

beforeAll(async () => {
  token = await adminToken();
  const name = unique('viewer');
  await createUser(name, ['viewer']);
  viewer = (await signIn(name)).accessToken;
});

interface Read {
  id: string;
  revision: number;
  nodes: { _id: string; x: number; outputs: { resource_id: string | null }[] }[];
  state: { status: string; nodes: { id: string; status: string }[] };
}

const make = async (...nodes: object[]): Promise<Read> => {
  const made = await api('POST', '/graphs', { title: 'Two steps', description: 'of a test', nodes });
  expect(made.status, made.text).toBe(201);
  return made.body as unknown as Read;
};
const twoSteps = () => {
  const first = operation('bash_jinja2', 'echo hello > {{ output.out }}; echo said');
  return [first, operation('bash_jinja2', 'tr a-z A-Z < {{ input.in[0] }} > {{ output.out }}', [first])];
};

test('a draft is checked, arranged and saved under its revision; a run freezes it, streams its states, and leaves files', async () => {
  const [first, second] = twoSteps();
  const graph = await make(first!, second!);
  const path = `/graphs/${graph.id}`;

  const unlinked = { ...second!, inputs: second!.inputs.map((input) => ({ ...input, min_count: 1, values: [] })) };
  const checked = await api('POST', `${path}/validate`, { nodes: [first, unlinked] });
  expect(checked.body).toEqual({
    issues: [{ nodeId: second!._id, part: 'input', name: 'in', code: 'MISSING_INPUT', message: 'needs more links' }],
    warnings: [],
  });
  const { nodes } = (await api('POST', `${path}/arrange`, {})).body as unknown as Read;
  expect(nodes[0]!.x).toBeLessThan(nodes[1]!.x);

  const draft = { title: 'Two steps', description: 'of a test', nodes };
  const saved = await api('PUT', path, draft, { 'if-match': `"${graph.revision}"` });
  expect([saved.status, saved.body.revision]).toEqual([200, graph.revision + 1]);
  expect((await api('PUT', path, draft, { 'if-match': `"${graph.revision}"` })).body.code).toBe('stale_revision');
  // The answer of GET can be sent back.
  expect((await api('PUT', path, (await api('GET', path)).body)).body.revision).toBe(graph.revision + 1);

  const cannot = await api('PUT', path, { ...draft, nodes: [first, unlinked] });
  expect(cannot.status).toBe(200);
  const refused = await api('POST', `${path}/run`, {});
  expect([refused.status, refused.body.errors]).toEqual([
    422,
    [{ pointer: '#/nodes/1/inputs/0', code: 'missing_input', message: 'needs more links' }],
  ]);
  await api('PUT', path, draft);
  expect((await api('POST', `${path}/run`, {}, { 'if-match': '"1"' })).status).toBe(412);
  expect((await api('POST', `${path}/run`, {})).status).toBe(200);
  expect((await api('PUT', path, draft)).body.code).toBe('graph_approved');

  const stream = await exports.default.fetch(`https://portico.test/admin${path}/state`, {
    headers: { authorization: `Bearer ${token}` },
  });
  expect(stream.headers.get('content-type')).toBe('text/event-stream');
  const events = await stream.text();
  expect(events).toMatch(/event: end\ndata: \{\}\n\n$/);
  expect(events.match(/"status":"SUCCESS"/g)!.length).toBeGreaterThan(2);

  const ended = (await api('GET', path)).body as unknown as Read;
  expect(ended.state.status).toBe('SUCCESS');
  const file = ended.nodes[1]!.outputs[0]!.resource_id!;
  expect((await api('GET', `/files/${file}/preview`)).body).toEqual({
    bytes: 6,
    text: 'HELLO\n',
    names: null,
    isCut: false,
  });
  expect((await api('GET', `/files/${file}`)).text).toBe('HELLO\n');

  const copy = await api('POST', `${path}/clone`, {});
  expect(copy.body).toMatchObject({ status: 'CREATED', isOwn: true, state: { nodes: [] } });
  const listed = await api('GET', '/graphs?status=SUCCESS,FAILED&own=true&q=steps&limit=1');
  expect(listed.body).toMatchObject({ items: [{ id: graph.id, status: 'SUCCESS' }], nextCursor: null });
  expect(listed.text).not.toContain('nodes');
});

test('a run is canceled, and its nodes with it', async () => {
  const graph = await make(operation('bash_jinja2', 'sleep 60'));
  const path = `/graphs/${graph.id}`;
  await api('POST', `${path}/run`, {});
  await vi.waitUntil(
    async () => (((await api('GET', path)).body as unknown as Read).state.nodes[0]?.status ?? '') === 'RUNNING',
    { timeout: 20_000 },
  );
  const canceled = (await api('POST', `${path}/cancel`, {})).body as unknown as Read;
  expect(canceled.state).toMatchObject({ status: 'CANCELED', nodes: [{ status: 'CANCELED' }] });
  expect((await api('POST', `${path}/cancel`, {})).body).toMatchObject({ status: 'CANCELED' });
});

test('an operation is written, previewed, approved, replaced by nothing, and deprecated', async () => {
  const document = {
    ...operation('bash_jinja2', 'echo {{ param._timeout }}'),
    title: unique('op'),
    node_status: 'READY',
  };
  const { _id, ...withoutId } = document;
  const made = await api('POST', '/operations', { document: withoutId });
  expect(made.body).toMatchObject({ status: 'CREATED', revision: 1, kind: 'bash_jinja2' });
  const path = `/operations/${String(made.body.id)}`;
  expect((await api('POST', '/operations/preview', { document })).text).toContain('echo 600');
  expect(
    (await api('PUT', path, { document: { ...document, description: 'better' } }, { 'if-match': '"1"' })).body,
  ).toMatchObject({
    description: 'better',
    status: 'CREATED',
  });
  expect((await api('POST', `${path}/approve`, {}, { 'if-match': '"1"' })).status).toBe(412);
  expect((await api('POST', `${path}/approve`, { now: true })).body.code).toBe('unknown_field');
  expect((await api('POST', `${path}/approve`)).body.status).toBe('READY');
  expect((await api('PUT', path, { document })).body.code).toBe('graph_approved');
  const found = await api('GET', `/operations?q=${document.title}&kind=bash_jinja2,python`);
  expect(found.body.items).toMatchObject([{ title: document.title, inputs: [{ name: 'in', types: ['file'] }] }]);
  expect(found.text).not.toContain('cmd');
  expect((await api('POST', `${path}/deprecate`, { mandatory: true })).body.status).toBe('MANDATORY_DEPRECATED');
  const nameless = await api('POST', '/operations', { document: { ...document, title: '' } });
  expect((await api('POST', `/operations/${String(nameless.body.id)}/approve`, {})).body.errors).toEqual([
    { pointer: '#/document', code: 'missing_parameter', message: 'title: required' },
  ]);
});

test('who may only read sees graphs and files, and changes none', async () => {
  const graph = await make(...twoSteps());
  const as = { authorization: `Bearer ${viewer}` };
  expect((await api('GET', `/graphs/${graph.id}`, undefined, as)).body).toMatchObject({ isOwn: false });
  for (const [method, path] of [
    ['PUT', `/graphs/${graph.id}`],
    ['POST', `/graphs/${graph.id}/run`],
    ['POST', '/graphs'],
    ['POST', '/operations'],
    ['POST', '/files?title=x'],
  ] as const)
    expect([path, (await api(method, path, {}, as)).status]).toEqual([path, 403]);
  const other = unique('dev');
  await createUser(other, ['developer']);
  const theirs = { authorization: `Bearer ${(await signIn(other)).accessToken}` };
  expect((await api('POST', `/graphs/${graph.id}/run`, {}, theirs)).status).toBe(403);
  expect((await api('POST', `/graphs/${graph.id}/clone`, {}, theirs)).body).toMatchObject({
    isOwn: true,
    author: other,
  });
});

test('files are stored as they are, and a directory shows its names', async () => {
  const stored = await exports.default.fetch('https://portico.test/admin/files?title=Names&type=csv', {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/octet-stream' },
    body: new Uint8Array([0xff, 0x00]),
  });
  expect(stored.status).toBe(201);
  const { document } = await stored.json<{ document: { outputs: { resource_id: string; file_type: string }[] } }>();
  const [output] = document.outputs;
  expect(output!.file_type).toBe('csv');
  expect((await api('GET', `/files/${output!.resource_id}/preview`)).body).toMatchObject({ bytes: 2, text: null });
  expect((await api('GET', `/files/${output!.resource_id}/preview?type=directory`)).body).toMatchObject({
    names: null,
  });
  expect((await api('GET', `/files/${crypto.randomUUID()}`)).status).toBe(404);
  expect((await api('GET', '/graphs?status=DONE')).status).toBe(400);
});

test('an operation that changes while it is approved is not approved, and the change stays', async () => {
  const ctx = testContext();
  const { id, document } = await createOperation(ctx, { document: operation('bash_jinja2', 'true') });
  const { nodes } = ctx.store;
  const getOwned: typeof nodes.getOwned = async (read) => {
    const row = await nodes.getOwned(read);
    await replaceOperation(ctx, id, { document: { ...document, description: 'changed' } }, null);
    return row;
  };
  const store = { ...ctx.store, nodes: { ...nodes, getOwned } };
  await expect(approveOperation({ ...ctx, store }, id, null)).rejects.toMatchObject({ code: 'stale_revision' });
  expect(await getOperation(ctx, id)).toMatchObject({ status: 'CREATED', description: 'changed' });
});
