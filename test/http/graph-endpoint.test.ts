import { beforeAll, describe, expect, it } from 'vitest';
import type { Graph } from '../../src/core/graph/graph.schema';
import { runGraphActions } from '../../src/core/graph/run-graph-actions';
import { testContext } from '../support/context';
import { graphOfNodes, operation, publishGraph } from '../support/graphs';
import { call, type EndpointOptions, ensureAdmin, postJson, runOf, saveHandler, unique } from '../support/publish';

beforeAll(ensureAdmin);

const GREET = 'echo "{{ param.greeting }}, {{ param.name }}" > {{ output.out }}; sleep {{ param.pause }}';
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
  const greet = operation('bash_jinja2', GREET);
  greet.parameters.push(text('greeting', 'Hello', null), text('name', 'nobody', 'Name'), text('pause', pause, 'Pause'));
  const shout = operation('bash_jinja2', 'tr a-z A-Z < {{ input.in[0] }} > {{ output.out }}', [greet], {
    title: 'Shout',
  });
  const graph = graphOfNodes(greet, shout);
  expect(await runGraphActions(testContext(), graph, ['SAVE'])).toMatchObject({ kind: 'answered' });
  return graph;
}

describe('a graph as an endpoint', () => {
  it('takes parameters by name, waits, and answers the outputs that nobody takes', async () => {
    const graph = await savedGraph();
    const path = await publishGraph({ graph: graph._id, parameters: { who: 'Name' } });
    const response = await postJson(path, { who: 'Ada' });
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
      [{ graph: graph._id, answer: 'run' }, {}],
      [{ graph: graph._id }, { limits: { timeoutMs: 700 } }],
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

  it('tells a run of another endpoint from none as little as any', async () => {
    const graph = await savedGraph();
    const [one, other] = [await publishGraph({ graph: graph._id }), await publishGraph({ graph: graph._id })];
    const body: { graph: string } = await (await postJson(one, {})).json();
    expect((await call(`${one}?run=${body.graph}`)).status).toBe(200);
    for (const id of [body.graph, graph._id, 'x', '']) expect((await call(`${other}?run=${id}`)).status).toBe(404);
  });

  it.each([
    [{ Name: 1 }, '/Name'],
    [{ nobody: 'x' }, '/nobody'],
    [{ __proto__x: 1 }, '/__proto__x'],
  ])('refuses %j and starts nothing', async (params, pointer) => {
    const path = await publishGraph({ graph: (await savedGraph())._id });
    const response = await postJson(path, params);
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ code: 'invalid_parameters', errors: [{ pointer }] });
  });

  it('answers 500 for a run that fails, and the run says which', async () => {
    const graph = graphOfNodes(operation('bash_jinja2', 'exit 3'));
    await runGraphActions(testContext(), graph, ['SAVE']);
    const response = await postJson(await publishGraph({ graph: graph._id }), {});
    expect(response.status).toBe(500);
    expect((await runOf(response)).error).toMatchObject({
      name: 'GraphFailed',
      message: expect.stringContaining('ended as FAILED'),
    });
  });
});

describe('what callers send is no code', () => {
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

  it('with the filter quote', async () => {
    const path = await publishGrep("'^'{{ param['template'] | quote }}");
    expect(await answered(path, 'public')).toBe('public 1\n');
    expect(await answered(path, ATTACK)).toBe('');
  });
  it("with rules of the endpoint's parameters", async () => {
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
  it.each<[string, string | null]>([
    ["echo '{{ param.name }}'", "Write {{ param['name'] | quote }}"],
    ["echo '{{ param.name | quote }}'", 'Leave the quotes out'],
    ['echo {{ param.name', 'its script cannot run: TemplateSyntaxError'],
    ['echo {{ param.name | quote }}', null],
  ])('warns of %s: %s', async (script, told) => {
    const node = operation('bash_jinja2', script, [], { title: 'Greet' });
    node.parameters.push(text('name', 'x', 'Name'));
    const graph = graphOfNodes(node, { ...node, _id: '5d0000000000000000000abc' });
    await runGraphActions(testContext(), graph, ['SAVE']);
    const { warnings } = await saveHandler(JSON.stringify({ graph: graph._id }), `${unique('g')}.graph.json`);
    // Once, though two placements have the script.
    const warning = {
      pointer: '#/source',
      code: 'source_unquoted_parameter',
      message: expect.stringContaining(told ?? ''),
    };
    expect(warnings).toEqual(told === null ? [] : [warning]);
  });
  it('does not warn of parameters that nobody publishes, of numbers, or of other languages', async () => {
    const bash = operation('bash_jinja2', 'echo {{ param.name }} {{ param.n }}');
    bash.parameters.push(text('name', 'x', null), { ...text('n', '', 'N'), parameter_type: 'int' as const, value: 1 });
    const script = operation('javascript', '// {{ param.name }}\nexport default () => {}');
    script.parameters.push(text('name', 'x', 'Name'));
    const graph = graphOfNodes(bash, script);
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
      extra: { errors: [{ pointer: '#/source', code }] },
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
