import { env } from 'cloudflare:workers';
import { expect, it } from 'vitest';
import javascript from '../../../dist/harness/javascript-operation.txt?raw';
import shell from '../../../dist/harness/shell.txt?raw';
import { newNode } from '../../../src/plynx/document/base-node.rules';
import type { Graph } from '../../../src/plynx/document/graph.schema';
import { commandOf, filesOf, jobOf } from '../../../src/plynx/run/job.rules';
import type { Node } from '../../../src/plynx/document/node.schema';
import { type NodeRun, overlayRun, planNextStep, withInputs } from '../../../src/plynx/run/plan-run.rules';
import { renderScript } from '../../../src/plynx/run/execute-node';
import { bashTemplate } from '../../../src/plynx/run/script.rules';
import { validateGraph } from '../../../src/plynx/validate/validate-graph.rules';
import type { OperationOutcome } from '../../../src/runtime/operations/operation-outcome';
import { createOperations } from '../../../src/runtime/operations/operations';
import { graphOf, idOf, placedFile, placedNode } from '../document/graph-samples';

/**
 * The rules and the isolates together, without storage: a graph of one file, greps by first digit, a sum of each and a sum of sums is
 * planned step by step, and every node runs in its isolate on what its producers left. The whole of PLynx's test, with nine digits, runs in
 * `test/conformance/plynx-flow.worker.test.ts`.
 */
const operations = createOperations(env, { shell, javascript });
const FOLDER = '/tmp/job';

const withCommand = (base: 'bash_jinja2' | 'javascript', code: string, over: Partial<Node>): Partial<Node> => {
  const { parameters, base_node_name } = newNode(base);
  const own = parameters.map((one) => (one.name === 'cmd' ? { ...one, value: { value: code, mode: base } } : one));
  return { ...over, base_node_name, parameters: [...own, ...(over.parameters ?? [])] };
};
const digit = (value: number) => ({ ...newNode('python').parameters[2]!, name: 'digit', value });
const grep = (n: number, from: number, value: number): Node =>
  placedNode(
    n,
    [from],
    withCommand('bash_jinja2', "grep '^{{ param.digit }}' {{ input.in[0] }} > {{ output.out }}\n", {
      parameters: [digit(value)],
    }),
  );
const SUM = `export default ({ input, output, readText, writeText }) => {
  const lines = input.in.flatMap((path) => readText(path).trim().split('\\n'));
  writeText(output.out, String(lines.reduce((sum, line) => sum + Number(line), 0)) + '\\n');
}`;
const sum = (n: number, from: number[]): Node => placedNode(n, from, withCommand('javascript', SUM, {}));

async function execute(node: Node, blobs: Map<string, Uint8Array<ArrayBuffer>>): Promise<OperationOutcome> {
  const job = jobOf(node, FOLDER);
  const { inputs, outputs } = filesOf(node, FOLDER);
  const files = inputs.map(({ path, types, resourceId }) => ({
    path,
    types,
    bytes: blobs.get(resourceId)!.slice().buffer,
  }));
  if (node.base_node_name === 'bash_jinja2') {
    const script = await renderScript({ operations }, bashTemplate(commandOf(node), job));
    return operations.shell({ script, folder: FOLDER, outputs }, files, 10_000);
  }
  const { input, output, param, log } = job;
  const names = {
    input: Object.fromEntries(input),
    output: Object.fromEntries(output),
    param: Object.fromEntries(param),
    log: Object.fromEntries(log),
  };
  return operations.javascript({ code: commandOf(node), names, outputs }, files, 10_000);
}

async function runGraph(
  graph: Graph,
  blobs: Map<string, Uint8Array<ArrayBuffer>>,
): Promise<{ status: string; graph: Graph }> {
  const run = new Map<string, NodeRun>();
  for (;;) {
    const step = planNextStep(graph, run);
    if (step.kind === 'finish') return { status: step.status, graph: overlayRun(graph, run) };
    if (step.kind === 'wait') throw new Error('nothing is in flight here');
    await Promise.all(
      step.nodeIds.map(async (id) => {
        const node = withInputs(
          graph.nodes.find(({ _id }) => _id === id)!,
          graph,
          run,
        );
        const outcome = await execute(node, blobs);
        const outputs: Record<string, string> = {};
        for (const [name, bytes] of outcome.outputs) {
          outputs[name] = `${id}:${name}`;
          blobs.set(outputs[name], bytes);
        }
        run.set(id, { status: outcome.exitCode === 0 ? 'SUCCESS' : 'FAILED', outputs, logs: {} });
      }),
    );
  }
}

const numbers = () =>
  new Map([
    [
      'numbers',
      Uint8Array.from(new TextEncoder().encode(Array.from({ length: 100 }, (_, at) => `${at + 1}\n`).join(''))),
    ],
  ]);
const digits = [1, 2];

it('the numbers to 100 that begin with 1 or 2, split by two greps and summed, are 493', async () => {
  const graph = graphOf(
    placedFile(0, 'numbers'),
    ...digits.map((d) => grep(10 + d, 0, d)),
    ...digits.map((d) => sum(20 + d, [10 + d])),
    sum(
      30,
      digits.map((d) => 20 + d),
    ),
  );
  expect(validateGraph(graph)).toBeUndefined();
  const blobs = numbers();
  const done = await runGraph(graph, blobs);
  expect(done.status).toBe('SUCCESS');
  expect(new TextDecoder().decode(blobs.get(`${idOf(30)}:out`))).toBe('493\n');
  expect(done.graph.nodes.at(-1)!.outputs[0]!.resource_id).toBe(`${idOf(30)}:out`);
});

it('a grep that finds nothing fails its graph, and nothing after it starts', async () => {
  const done = await runGraph(graphOf(placedFile(0, 'numbers'), grep(1, 0, 777), sum(2, [1])), numbers());
  expect(done.status).toBe('FAILED');
  expect(done.graph.nodes.map((node) => node.node_running_status)).toEqual(['STATIC', 'FAILED', 'CREATED']);
});
