import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { Graph } from '../../src/plynx/document/graph.schema';
import { runGraphActions, runStoredGraphAction } from '../../src/plynx/edit/run-graph-actions';
import { testContext } from '../support/context';
import { graphOfNodes, leaving, operation, publishGraph, script } from '../support/graphs';
import { call, type EndpointOptions, ensureAdmin, postJson, runOf, saveHandler, unique } from '../support/publish';

beforeAll(ensureAdmin);

const GREET = script(
  'writeText(output.out, `${param.greeting}, ${param.name}\\n`);',
  'await pause(1000 * param.pause);',
);
const SHOUT = script('writeText(output.out, readText(input.in[0]).toUpperCase());');
const text = (name: string, value: string, alias: string | null) => ({
  name,
  parameter_type: 'str' as const,
  value,
  mutable_type: true,
  removable: true,
  publicable: true,
  widget: alias === null ? null : { alias },
});

/** A stored graph of two nodes: one greets, one shouts what it said. */
async function savedGraph(pause = '0'): Promise<Graph> {
  const greet = operation('javascript', GREET);
  greet.parameters.push(text('greeting', 'Hello', null), text('name', 'nobody', 'Name'), text('pause', pause, 'Pause'));
  const shout = operation('javascript', SHOUT, [greet], { title: 'Shout' });
  const graph = graphOfNodes(greet, shout);
  expect(await runGraphActions(testContext(), graph, ['SAVE'])).toMatchObject({ kind: 'answered' });
  return graph;
}

describe('a graph as an endpoint', () => {
  it('takes parameters by name, waits, and answers the unconnected outputs', async () => {
    const graph = await savedGraph();
    const path = await publishGraph({ graph: graph._id, parameters: { who: 'Name' } }, { idempotency: {} });
    const response = await postJson(path, { who: 'Ada' }, { 'idempotency-key': 'first' });
    expect(response.status).toBe(200);
    const body: { graph: string } = await response.json();
    expect(body).toEqual({
      graph: expect.stringMatching(/^[0-9a-f]{24}$/),
      status: 'SUCCESS',
      outputs: [
        { node: 'Shout', output: 'out', type: 'file', file: expect.any(String), bytes: 11, text: 'HELLO, ADA\n' },
      ],
    });
    // A run of its own: the published graph is as it was.
    expect(body.graph).not.toBe(graph._id);
    expect((await runOf(response)).outcome).toBe('success');
    const repeated = await postJson(path, { who: 'Ada' }, { 'idempotency-key': 'first' });
    expect(await repeated.json()).toEqual(body);
  });

  it('keeps the values of what a call leaves out, and serves the graph as it was when it was published', async () => {
    const graph = await savedGraph();
    const path = await publishGraph({ graph: graph._id });
    await runGraphActions(testContext(), { ...graph, nodes: graph.nodes.slice(0, 1) }, ['SAVE']);
    const body: { outputs: { text: string }[] } = await (await postJson(path, {})).json();
    expect(body.outputs.map((output) => output.text)).toEqual(['HELLO, NOBODY\n']);
  });

  it('answers 202 and where to ask when that is wanted, and when time is up', async () => {
    const graph = await savedGraph('1');
    for (const [source, options] of [
      [{ graph: graph._id, answer: 'run', parameters: {} }, {}],
      [{ graph: graph._id, parameters: {} }, { limits: { timeoutMs: 700 } }],
    ] as const) {
      const response = await call(await publishGraph(source, options), { method: 'POST' });
      expect(response.status).toBe(202);
      const body: { run: string } = await response.json();
      expect(response.headers.get('location')).toBe(body.run);
      const { pathname, search } = new URL(body.run);
      let asked = await call(pathname + search);
      for (let i = 0; asked.status === 202 && i < 100; i++) {
        await new Promise((resolve) => setTimeout(resolve, 100));
        asked = await call(pathname + search);
      }
      expect([asked.status, await asked.json()]).toEqual([200, expect.objectContaining({ status: 'SUCCESS' })]);
    }
  });

  it('answers the same 404 for a run of another endpoint and for none', async () => {
    const graph = graphOfNodes(leaving(''));
    await runGraphActions(testContext(), graph, ['SAVE']);
    const [one, other] = [await publishGraph({ graph: graph._id }), await publishGraph({ graph: graph._id })];
    const body: { graph: string } = await (await postJson(one, {})).json();
    expect((await call(`${one}?run=${body.graph}`)).status).toBe(200);
    for (const id of [body.graph, graph._id, 'x', '']) expect((await call(`${other}?run=${id}`)).status).toBe(404);
  });

  it('refuses parameters that it does not have or cannot take, and starts nothing', async () => {
    const path = await publishGraph({ graph: (await savedGraph())._id });
    for (const [params, pointer] of [
      [{ Name: 1 }, '#/body/Name'],
      [{ nobody: 'x' }, '#/body/nobody'],
      [{ __proto__x: 1 }, '#/body/__proto__x'],
    ] as const) {
      const response = await postJson(path, params);
      expect([response.status, await response.json()]).toMatchObject([
        422,
        { code: 'invalid_parameters', errors: [{ pointer }] },
      ]);
    }
  });

  it('answers 410 for a canceled run, to the waiting call and to polls', async () => {
    const path = await publishGraph({ graph: (await savedGraph('20'))._id, parameters: {} });
    const waiting = postJson(path, {});
    const row = await vi.waitUntil(
      async () => (await testContext().store.graphs.running(10)).find(({ endpointId }) => endpointId !== null),
      { timeout: 20_000 },
    );
    expect(await runStoredGraphAction(testContext(), row.id, 'CANCEL')).toMatchObject({ kind: 'answered' });
    for (const response of [await waiting, await call(`${path}?run=${row.id}`)]) {
      expect([response.status, await response.json()]).toEqual([
        410,
        expect.objectContaining({ code: 'run_canceled' }),
      ]);
    }
  });

  it('answers 500 for a failed run, also to later polls', async () => {
    const graph = graphOfNodes(operation('javascript', script('throw new Error();')));
    await runGraphActions(testContext(), graph, ['SAVE']);
    const path = await publishGraph({ graph: graph._id, answer: 'run' });
    const { graph: id }: { graph: string } = await (await postJson(path, {})).json();
    await vi.waitUntil(async () => (await call(`${path}?run=${id}`)).status !== 202, {
      timeout: 20_000,
      interval: 100,
    });
    const response = await call(`${path}?run=${id}`);
    expect([response.status, await response.json()]).toEqual([500, expect.objectContaining({ code: 'handler_error' })]);
  });

  it('answers 500 for a failed run, and the run names the graph run', async () => {
    const graph = graphOfNodes(operation('javascript', script('throw new Error();')));
    await runGraphActions(testContext(), graph, ['SAVE']);
    const response = await postJson(await publishGraph({ graph: graph._id }), {});
    expect(response.status).toBe(500);
    expect((await runOf(response)).error).toMatchObject({
      name: 'GraphFailed',
      message: expect.stringContaining('ended as FAILED'),
    });
  });
});

describe('parameters of every type', () => {
  let path: string;
  beforeAll(async () => {
    const all = 'writeText(output.out, JSON.stringify([param.s, param.n, param.on, param.l, param.i, param.e]));';
    const node = operation('javascript', script(all));
    const made = (
      name: string,
      parameter_type: 'str' | 'int' | 'bool' | 'list_str' | 'list_int' | 'enum',
      value: Graph['nodes'][0]['parameters'][0]['value'],
    ) => ({ ...text(name, '', name), parameter_type, value });
    node.parameters.push(
      made('s', 'str', 'S'),
      made('n', 'int', 1),
      made('on', 'bool', false),
      made('l', 'list_str', ['a']),
      made('i', 'list_int', [1]),
      made('e', 'enum', { values: ['x', 'y'], index: '0' }),
    );
    const graph = graphOfNodes(node);
    expect(await runGraphActions(testContext(), graph, ['SAVE'])).toMatchObject({ kind: 'answered' });
    path = await publishGraph({ graph: graph._id });
  });
  const outputOf = async (response: Response): Promise<unknown> => {
    const body: { outputs?: { text: string }[]; errors?: { pointer: string; message: string }[] } =
      await response.json();
    return body.outputs?.[0]!.text.trim() ?? body.errors?.map(({ pointer, message }) => `${pointer}: ${message}`);
  };
  const form = (body: string): RequestInit => ({
    method: 'POST',
    body,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });
  const json = (value: object): RequestInit => ({
    method: 'POST',
    body: JSON.stringify(value),
    headers: { 'content-type': 'application/json' },
  });

  it('come by JSON, by a form and by the query of a GET', async () => {
    const wanted = '["T",9,true,["b","c"],[2,3],"y"]';
    const values = { s: 'T', n: 9, on: true, l: ['b', 'c'], i: [2, 3], e: 'y' };
    expect(await outputOf(await call(path, json(values)))).toBe(wanted);
    const queries = [
      's=T&n=9&on=on&l=b&l=c&i=2&i=3&e=y',
      's=T&n=9&on=true&l[]=b&l[]=c&i=[2,3]&e=y',
      's=T&n=9&on=1&l[1]=c&l[0]=b&i[]=2&i[]=3&e=y',
    ] as const;
    for (const query of queries) expect(await outputOf(await call(path, form(query))), query).toBe(wanted);
    // A query is read as a form is.
    expect(await outputOf(await call(`${path}?${queries[2]}`))).toBe(wanted);
  });
  it('keep the graph’s values where a call sends null or nothing', async () => {
    const nothing = { s: null, n: null, on: null, l: null, i: null, e: null };
    expect(await outputOf(await call(path, json(nothing)))).toBe('["S",1,false,["a"],[1],"x"]');
    expect(await outputOf(await call(path))).toBe('["S",1,false,["a"],[1],"x"]');
  });
  it.each<[object, string]>([
    [{ n: 1.5 }, '"n" must be a whole number'],
    [{ n: true }, '"n" must be a whole number'],
    [{ n: '9007199254740993' }, '"n" must be a whole number'],
    [{ s: 5 }, '"s" must be text'],
    [{ on: 'maybe' }, '"on" must be true or false'],
    [{ l: [1] }, '"l" must be a list of texts'],
    [{ i: [1.5] }, '"i" must be a list of whole numbers'],
    [{ e: 'z' }, '"e" must be one of "x", "y"'],
  ])('%j is refused: %s', async (value, message) => {
    const name = Object.keys(value)[0];
    expect(await outputOf(await call(path, json(value)))).toEqual([`#/body/${name}: parameter ${message}`]);
  });
  it('are refused in a query as in a body, unknown ones too', async () => {
    for (const [query, message] of [
      ['n=1.5', '#/query/n: parameter "n" must be a whole number'],
      ['template=q', '#/query/template: unexpected parameter "template"'],
    ]) {
      const response = await call(`${path}?${query}`);
      expect([response.status, await outputOf(response)]).toEqual([422, [message]]);
    }
  });
  it('are not required of a call that polls a run', async () => {
    const graph = await savedGraph();
    const parameters = [
      { name: 'Name', required: true, minLength: 2 },
      { name: 'Pause', in: 'query' as const },
    ];
    const path = await publishGraph({ graph: graph._id }, { parameters });
    expect(await (await call(path)).json()).toMatchObject({ detail: 'Name is required' });
    const { graph: id } = await (await call(`${path}?Name=Ada&Pause=0`)).json<{ graph: string }>();
    expect((await call(`${path}?run=${id}`)).status).toBe(200);
  });
});

describe('values of callers are not code', () => {
  const publishGrep = async (pattern: string, options: EndpointOptions = {}): Promise<string> => {
    const rows = operation('bash_jinja2', `printf 'public 1\\nsecret-row 42\\n' > {{ output.out }}`);
    const node = operation('bash_jinja2', `grep ${pattern} {{ input.in[0] }} > {{ output.out }} || true`, [rows]);
    node.parameters.push(text('template', '', 'template'));
    const graph = graphOfNodes(rows, node);
    expect(await runGraphActions(testContext(), graph, ['SAVE'])).toMatchObject({ kind: 'answered' });
    return publishGraph({ graph: graph._id, parameters: { q: 'template' } }, options);
  };
  const ATTACK = "zzz' /dev/null; cat i_0_in > o_out #";
  const answered = async (path: string, q: string): Promise<string> => {
    const body: { outputs: { text: string }[] } = await (await postJson(path, { q })).json();
    return body.outputs[0]!.text;
  };

  it('are quoted by the filter quote', async () => {
    const path = await publishGrep("'^'{{ param['template'] | quote }}");
    expect(await answered(path, 'public')).toBe('public 1\n');
    expect(await answered(path, ATTACK)).toBe('');
  });
  it("are bounded by rules of the endpoint's parameters", async () => {
    const parameters = [{ name: 'q', type: 'text' as const, required: true, pattern: '[a-z]+', maxLength: 10 }];
    const path = await publishGrep("'^{{ param['template'] }}'", { parameters });
    expect(await answered(path, 'public')).toBe('public 1\n');
    for (const q of [ATTACK, 'a'.repeat(11), 7, null]) {
      const response = await postJson(path, { q });
      expect([response.status, await response.json()]).toEqual([
        422,
        expect.objectContaining({ code: 'invalid_parameters' }),
      ]);
    }
  });
});

describe('saving such a handler', () => {
  it('warns of scripts that cannot run, and of values that are not quoted once', async () => {
    const told = {
      "echo '{{ param.name }}'": "Write {{ param['name'] | quote }}",
      "echo '{{ param.name | quote }}'": 'Leave the quotes out',
      'echo {{ param.name': 'its script cannot run: TemplateSyntaxError',
      'echo {{ param.name | quote }}': null,
    };
    const nodes = Object.keys(told).flatMap((command, at) => {
      const node = operation('bash_jinja2', command, [], { title: `Greet ${at}` });
      node.parameters.push(text('name', 'x', 'Name'));
      return [node, { ...node, _id: `5d0000000000000000000ab${at}` }];
    });
    const graph = graphOfNodes(...nodes);
    await runGraphActions(testContext(), graph, ['SAVE']);
    const { warnings } = await saveHandler(JSON.stringify({ graph: graph._id }), `${unique('g')}.graph.json`);
    // Once, though two placements have each script.
    const messages = Object.values(told).filter((message) => message !== null);
    const warning = { pointer: '#/source', code: 'source_unquoted_parameter' };
    expect(warnings).toEqual(messages.map((message) => ({ ...warning, message: expect.stringContaining(message) })));
  });
  it('warns a hundred times at most', async () => {
    const nodes = Array.from({ length: 60 }, (_, at) => {
      const node = operation('bash_jinja2', `echo ${at} {{ param.name }}\n{{ param['name'] }}`);
      node.parameters.push(text('name', 'x', 'Name'));
      return node;
    });
    const graph = graphOfNodes(...nodes);
    await runGraphActions(testContext(), graph, ['SAVE']);
    const { warnings } = await saveHandler(JSON.stringify({ graph: graph._id }), `${unique('g')}.graph.json`);
    expect(warnings).toHaveLength(100);
  });
  it('does not warn of unpublished parameters, of numbers, or of other languages', async () => {
    const bash = operation('bash_jinja2', 'echo {{ param.name }} {{ param.n }}');
    bash.parameters.push(text('name', 'x', null), { ...text('n', '', 'N'), parameter_type: 'int' as const, value: 1 });
    const node = operation('javascript', '// {{ param.name }}\nexport default () => {}');
    node.parameters.push(text('name', 'x', 'Name'));
    const graph = graphOfNodes(bash, node);
    await runGraphActions(testContext(), graph, ['SAVE']);
    expect(await saveHandler(JSON.stringify({ graph: graph._id }), `${unique('g')}.graph.json`)).toMatchObject({
      warnings: [],
    });
  });
  it.each<[string, string, string]>([
    ['no JSON', '{', 'source_syntax'],
    ['another form', '{"graph":"x"}', 'source_form'],
    ['a graph that is not there', '{"graph":"5d0000000000000000000fff"}', 'source_graph'],
  ])('%s', async (_, source, code) => {
    await expect(saveHandler(source, `${unique('g')}.graph.json`)).rejects.toMatchObject({
      code: 'invalid_source',
      extra: { issues: [{ pointer: '#/source', code }] },
    });
  });
  it('an alias that the graph does not have', async () => {
    const source = JSON.stringify({ graph: (await savedGraph())._id, parameters: { a: 'Nope' } });
    await expect(saveHandler(source, `${unique('g')}.graph.json`)).rejects.toMatchObject({
      message: 'the graph has no parameter with the alias "Nope"; it has Name, Pause',
    });
  });
  it('a graph that would not run', async () => {
    const graph = graphOfNodes();
    await runGraphActions(testContext(), graph, ['SAVE']);
    await expect(saveHandler(JSON.stringify({ graph: graph._id }), `${unique('g')}.graph.json`)).rejects.toMatchObject({
      message: expect.stringContaining('EMPTY_GRAPH'),
    });
  });
});
