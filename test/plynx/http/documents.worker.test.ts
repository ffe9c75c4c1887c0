import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { runGraphActions } from '../../../src/plynx/edit/run-graph-actions';
import { openContext } from '../../../src/context';
import { chainOf, graphOf, idOf, meshOf, placedFile, placedNode } from '../document/graph-samples';
import { ADMIN } from '../../support/context';
import { askPlynx, fileForm } from '../../support/plynx';
import { ensureAdmin } from '../../support/publish';

/** Documents as clients send them: the lines of PLynx's own page, and hostile ones. */

const post = (graph: object, ...actions: string[]) => askPlynx('POST', '/graphs', { body: { graph, actions } });

/** How many entries of the audit trail tell of one thing. */
const audited = async (id: string): Promise<number> =>
  (await env.DB.prepare('select count(*) as n from audit where object_id = ?').bind(id).first<{ n: number }>())!.n;

describe("the document's own lines", () => {
  // With -u default:, as they stand; only the ids are of this server.
  const graphId = '5d1b8469705c1865e288a664';
  const file = () =>
    fileForm('1\n2\n', { title: 'report', description: '2019', file_type: 'csv', node_kind: 'basic-file' });

  it('run in order', async () => {
    const ask = async (method: string, path: string, body?: unknown, params?: Record<string, string>) => {
      const answer = await askPlynx(method, path, { auth: 'Basic ZGVmYXVsdDo=', body, params });
      expect(answer.status, `${path}: ${answer.text}`).toBe(200);
      return answer;
    };
    const { node, resource_id } = (await ask('POST', '/upload_file', file())).body as {
      node: { _id: string };
      resource_id: string;
    };
    await ask('GET', `/nodes/${node._id}`);
    await post({ _id: graphId, title: 'hello world', nodes: [] }, 'SAVE');
    expect((await ask('POST', '/search_graphs', { per_page: 1, search: 'author:default' })).body).toMatchObject({
      total_count: 1,
    });
    expect((await ask('GET', '/graphs/new')).body).toMatchObject({ data: { title: 'Title' } });
    expect((await ask('GET', `/graphs/${graphId}`)).body).toMatchObject({ data: { title: 'hello world' } });
    expect((await ask('GET', '/graphs')).body).toMatchObject({ status: 'success', total_count: 1 });
    const part = { title: 'Custom title', description: 'Custom Description' };
    expect((await ask('PATCH', `/graphs/${graphId}/update`, part)).body).toMatchObject({
      status: 'success',
      graph: part,
    });
    const saved = await audited(graphId);
    await ask('PATCH', `/graphs/${graphId}/update`, part);
    expect(await audited(graphId), 'the same again is no change').toBe(saved);
    expect((await ask('POST', '/search_nodes', { per_page: 1, search: 'author:default' })).body).toMatchObject({
      total_count: 1,
    });
    for (const base of ['python', 'bash_jinja2', 'javascript', 'file']) await ask('GET', `/nodes/${base}`);

    const edit = (action: string, body: object) => ask('POST', `/graphs/${graphId}/nodes/${action}`, body);
    const placed = (await edit('insert_node', { node_id: node._id, x: 100, y: 100 })).body as { node: { _id: string } };
    expect((await ask('GET', `/graphs/${graphId}/nodes/list_nodes`)).body).toMatchObject({
      nodes: [{ x: 100, y: 100 }],
    });
    await edit('change_parameter', { node_id: placed.node._id, parameter_name: 'template', parameter_value: 'abc' });
    const cloned = (await ask('POST', `/graphs/${graphId}/clone`)).body!;
    expect(cloned.new_graph_id).not.toBe(graphId);
    await edit('remove_node', { node_id: placed.node._id });
    for (const path of ['resource', 'resources']) {
      expect((await ask('GET', `/${path}/${resource_id}`)).text).toBe('1\n2\n');
      const preview = await ask('GET', `/${path}/${resource_id}`, undefined, { preview: 'True', file_type: 'csv' });
      expect(preview.text).toContain('<table class="preview-table">');
    }
    expect((await ask('GET', '/master_state')).body).toMatchObject({
      status: 'success',
      master_state: { workers: [] },
    });
    expect((await ask('GET', '/token')).body).toMatchObject({ status: 'success', access_token: expect.any(String) });
    // The clone holds one file only: it runs at once.
    expect((await ask('POST', `/graphs/${String(cloned.new_graph_id)}/approve`)).body).toMatchObject({
      status: 'SUCCESS',
    });
  });

  it('`action` is as good as `actions`, and one alone needs no list', async () => {
    for (const row of [{ action: ['SAVE'] }, { action: 'SAVE' }, { actions: 'SAVE' }]) {
      const answer = await askPlynx('POST', '/graphs', { body: { graph: { title: 't' }, ...row } });
      expect(answer.body?.status).toBe('SUCCESS');
    }
  });
});

it('a number that JavaScript does not hold keeps its digits', async () => {
  const node = placedNode(1, [], { title: 'Big' });
  const [cmd, ...others] = node.parameters;
  const parameters = [
    { ...cmd!, value: { value: 'echo {{ param.n }} {{ log.stdout }}', mode: 'sh' } },
    ...others,
    { ...others[1]!, name: 'n', value: 'N' },
  ];
  const body = JSON.stringify({ node: { ...node, parameters }, action: 'PREVIEW_CMD' }).replace(
    '"N"',
    '9007199254740993',
  );
  const { body: preview } = await askPlynx('POST', '/nodes', { body });
  expect(preview).toMatchObject({
    status: 'SUCCESS',
    preview_text: expect.stringMatching(/echo 9007199254740993 \/tmp\/.*l_stdout$/),
  });
  const digits = `{"graph": {"title": "t", "nodes": [{"x": ${'9'.repeat(5000)}}]}, "actions": ["VALIDATE"]}`;
  const refused = await askPlynx('POST', '/graphs', { body: digits });
  expect([refused.status, refused.body?.message]).toEqual([400, expect.stringContaining('A number is too large')]);
  const infinite = await askPlynx('POST', '/graphs', { body: digits.replace(/9{5000}/, '1e999') });
  expect([infinite.status, infinite.body?.message]).toEqual([400, expect.stringContaining('A number is too large')]);
});

describe('an operation whose command is left as it was made', () => {
  const told = [expect.stringMatching(/^The command of operation "Sum" \([0-9a-f]{24}\) is empty: it does nothing$/)];
  it('is approved, with a warning', async () => {
    const { data: node } = (await askPlynx('GET', '/nodes/bash_jinja2')).body as { data: object };
    const postNode = (action: string) =>
      askPlynx('POST', '/nodes', { body: { node: { ...node, title: 'Sum' }, action } });
    expect((await postNode('SAVE')).body).not.toHaveProperty('warnings');
    expect((await postNode('VALIDATE')).body).toMatchObject({ status: 'SUCCESS', warnings: told });
    expect((await postNode('APPROVE')).body).toMatchObject({ status: 'SUCCESS', warnings: told });
  });
  it('warns where its graph is approved', async () => {
    const graph = { ...graphOf(placedNode(1, [], { title: 'Sum' })), _id: idOf(2000020) };
    expect((await post(graph, 'SAVE')).body).not.toHaveProperty('warnings');
    expect((await post(graph, 'APPROVE')).body).toMatchObject({ status: 'SUCCESS', warnings: told });
  });
});

describe('large and odd graphs', () => {
  it('1,000 nodes are stored, checked, laid out and cloned', async () => {
    const graph = { ...meshOf(1000), _id: idOf(2000001) };
    expect((await post(graph, 'VALIDATE', 'REARRANGE', 'SAVE', 'CLONE')).body?.status).toBe('SUCCESS');
    const read = await askPlynx('GET', `/graphs/${graph._id}/nodes/list_nodes`);
    expect(read.body?.nodes).toHaveLength(1000);
  });
  it.each<[string, object, string]>([
    ['a cycle', graphOf(placedNode(1, [2]), placedNode(2, [1])), 'CYCLE_DETECTED'],
    ['a link to itself', graphOf(placedNode(1, [1])), 'CYCLE_DETECTED'],
    ['a link from nowhere', graphOf(placedNode(1, [7])), 'DANGLING_LINK'],
    ['a node twice', graphOf(placedNode(1), placedNode(1)), 'DUPLICATE_NODE_ID'],
    ['1,500 operations', chainOf(1500), 'TOO_MANY_NODES'],
  ])('%s is not approved, with a reason', async (_, graph, code) => {
    const { status, body } = await post(graph, 'APPROVE');
    expect([status, body?.status]).toEqual([200, 'VALIDATION_FAILED']);
    expect(JSON.stringify(body?.validation_error)).toContain(code);
  });
  it('a row of actions ends at 100, and earlier for a graph of many nodes', async () => {
    const row = (length: number) => Array.from({ length }, () => 'VALIDATE');
    expect((await post(graphOf(placedNode(1)), ...row(100))).status).toBe(200);
    const refused = await post(graphOf(placedNode(1)), ...row(101));
    expect([refused.status, refused.body?.message]).toEqual([
      400,
      'A request may have 100 actions, and this one has 101',
    ]);
    expect((await post(meshOf(1000), ...row(100))).status).toBe(200);
    const large = await post(chainOf(4000), ...row(26));
    expect([large.status, large.body?.message]).toEqual([
      400,
      'With 4000 nodes a request may have 25 actions, and this one has 26',
    ]);
  });
  it('a hundred actions that write stay within what D1 allows a request', async () => {
    await ensureAdmin();
    let statements = 0;
    const DB = new Proxy(env.DB, {
      get(target, name) {
        if (name === 'prepare') statements += 1;
        const value: unknown = Reflect.get(target, name);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
    const counted = openContext(new Request('https://portico.test/'), { ...env, DB }, { waitUntil: () => undefined });
    const ctx = { ...counted, actor: ADMIN };
    const graph = { ...graphOf(placedNode(1)), _id: idOf(2000003) };
    for (const action of ['SAVE', 'CLONE']) {
      statements = 0;
      expect(
        (
          await runGraphActions(
            ctx,
            graph,
            Array.from({ length: 100 }, () => action),
          )
        ).kind,
      ).toBe('answered');
      expect(statements, action).toBeLessThan(600);
    }
  });
  it('a page of searched graphs has 16 MiB of documents; what is beyond is shown without its nodes', async () => {
    const title = 'heavyweight';
    const file = placedFile(1);
    const nodes = [{ ...file, description: 'x'.repeat(7 * 1024 * 1024) }];
    for (let n = 0; n < 3; n++) await post({ ...graphOf(), _id: idOf(2000010 + n), title, nodes }, 'SAVE');
    const { body } = await askPlynx('POST', '/search_graphs', { body: { search: title } });
    const items = body!.items as { title: string; nodes: unknown[]; _id: string }[];
    expect(items.map((item) => [item.title, item.nodes.length])).toEqual([
      [title, 1],
      [title, 1],
      [title, 0],
    ]);
    expect((await askPlynx('GET', `/graphs/${items[2]!._id}`)).body?.data).toMatchObject({
      nodes: [{ title: file.title }],
    });
  });
  it('10,000 nodes are more than a body may have', async () => {
    const { status, body } = await post(chainOf(10_000), 'VALIDATE');
    expect([status, body?.status]).toEqual([413, 'failed']);
  });
  it.each<[string, unknown]>([
    ['a node id `__proto__`', { graph: { nodes: [{ _id: '__proto__' }] }, actions: ['SAVE'] }],
    ['a graph that is a list', { graph: [], actions: ['SAVE'] }],
    ['no graph', { actions: ['SAVE'] }],
    ['a body that is none', 'x'],
    ['a body that nests without end', '['.repeat(100_000)],
  ])('%s is a 400', async (_, body) => {
    const answer = await askPlynx('POST', '/graphs', { body });
    expect([answer.status, answer.body?.status]).toEqual([400, 'failed']);
  });
  it('a link from `__proto__` is a link from nowhere', async () => {
    const [node] = graphOf(placedNode(1, [7])).nodes;
    const values = [{ node_id: '__proto__', output_id: 'constructor', resource_id: '' }];
    const graph = graphOf({ ...node!, inputs: [{ ...node!.inputs[0]!, values }] });
    expect(JSON.stringify((await post(graph, 'VALIDATE')).body)).toContain('DANGLING_LINK');
  });
});

describe('files', () => {
  it('the content of a file is shown, not run', async () => {
    const { resource_id } = (await askPlynx('POST', '/resource', { body: fileForm('<script>alert(1)</script>') }))
      .body!;
    const preview = await askPlynx('GET', `/resource/${String(resource_id)}`, {
      params: { preview: 'true', file_type: 'file' },
    });
    expect(preview.text).toBe('<pre>&lt;script&gt;alert(1)&lt;/script&gt;</pre>');
    expect(preview.headers.get('content-security-policy')).toContain('sandbox');
    const raw = await askPlynx('GET', `/resource/${String(resource_id)}`);
    expect(raw.headers.get('content-type')).toBe('application/octet-stream');
  });
  it('an empty file has an empty preview', async () => {
    const { resource_id } = (await askPlynx('POST', '/resource', { body: fileForm('') })).body!;
    const params = { preview: 'true', file_type: 'file' };
    expect((await askPlynx('GET', `/resource/${String(resource_id)}`, { params })).text).toBe('<pre></pre>');
  });
  it('a long file is previewed from its beginning', async () => {
    const { resource_id } = (await askPlynx('POST', '/resource', { body: fileForm('x'.repeat(1_500_000)) })).body!;
    const params = { preview: 'true', file_type: 'file' };
    const { text } = await askPlynx('GET', `/resource/${String(resource_id)}`, { params });
    expect(text.length).toBe(1024 * 1024 + '<pre></pre>'.length);
  });
  it.each(['../graphs/x', '%2e%2e%2fgraphs', 'x'.repeat(2000), '__proto__'])('%s is no file', async (id) => {
    expect((await askPlynx('GET', `/resource/${encodeURIComponent(id)}`)).status).toBe(404);
  });
});
