import { env } from 'cloudflare:workers';
import { expect, it } from 'vitest';
import javascript from '../../../../dist/harness/javascript-operation.txt?raw';
import shell from '../../../../dist/harness/shell.txt?raw';
import { generateCode } from '../../../../src/plynx/edit/generate-code.rules';
import type { Node } from '../../../../src/plynx/document/node.schema';
import { createOperations } from '../../../../src/runtime/operations/operations';
import { graphOf, idOf, placedFile, placedNode } from '../../../plynx/document/graph-samples';
import client from '../../../fixtures/python/plynx-client.py?raw';

const operations = createOperations(env, { shell, javascript });

/** The code of a graph, after PLynx's names. */
function codeOf(nodes: Node[]): string {
  const generated = generateCode(graphOf(...nodes), () => 'beef');
  if (generated.kind === 'refused') throw new Error(generated.message);
  return `${client}\n${generated.code}`;
}

/** Runs the code of each graph, with globals of its own, in one Python. Resolves with what each prints. */
async function run(...graphs: Node[][]): Promise<unknown[]> {
  const script = `import json
for code in json.loads(${JSON.stringify(JSON.stringify(graphs.map(codeOf)))}):
    exec(compile(code, "graph.py", "exec"), {"__name__": "__main__"})`;
  const job = { script, folder: '/tmp/code', outputs: [] };
  const { exitCode, logs } = await operations.python(job, [], 20_000);
  const [stdout, stderr] = ['stdout', 'stderr'].map((name) => new TextDecoder().decode(logs.get(name)));
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  return stdout!
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
}

const NAMES = [
  'in',
  'my-input',
  'a.b',
  'class',
  'None',
  'two words',
  '1st',
  'x',
  'print',
  'é',
  "it's",
  'a\nb',
  '"',
  '\\',
  '',
];

it('names of inputs, outputs and parameters arrive, whatever they are', async () => {
  const from = placedNode(1, [], {
    title: '2nd class',
    outputs: NAMES.map((name) => ({ name, file_type: 'file', resource_id: null })),
  });
  const parameters = NAMES.map((name) => ({
    name: `p ${name}`,
    parameter_type: 'int' as const,
    value: '007',
    mutable_type: true,
    removable: true,
    publicable: true,
    widget: { alias: name },
  }));
  const slot = placedNode(2, [1]).inputs[0]!;
  const to = placedNode(2, [1], {
    title: 'None',
    parameters,
    inputs: NAMES.map((name) => ({ ...slot, name, values: [{ ...slot.values[0]!, output_id: name }] })),
  });
  expect(await run([from, to])).toEqual([
    [
      {
        id: idOf(900002),
        inputs: Object.fromEntries(NAMES.map((name) => [name, [idOf(900001), name]])),
        params: Object.fromEntries(NAMES.map((name) => [`p ${name}`, 7])),
      },
    ],
  ]);
});

const TITLES = [
  'graph',
  'Graph',
  'File',
  'Operation',
  'Client',
  'TOKEN',
  'class',
  'import',
  'None',
  '1',
  'getattr',
  '',
];

it('a file and an operation hide nothing, whatever their title is', async () => {
  const graphs = TITLES.map((title) => [{ ...placedFile(1), title }, placedNode(2, [1], { title })]);
  const printed = await run(...graphs);
  const answers = TITLES.map((title, at) => ({ title, printed: printed[at] }));
  expect(answers).toMatchObject(
    TITLES.map((title) => ({ title, printed: [{ inputs: { in: [idOf(900001), 'out'] } }] })),
  );
});
