import { createEndpoint } from '../../src/core/publishing/endpoints/create-endpoint';
import { CreateEndpointInput } from '../../src/core/publishing/endpoints/endpoint.schema';
import { newNode } from '../../src/plynx/document/base-node.rules';
import { type Graph, newGraph } from '../../src/plynx/document/graph.schema';
import type { Node } from '../../src/plynx/document/node.schema';
import { newObjectId } from '../../src/plynx/document/object-id.rules';
import { testContext } from './context';
import { type EndpointOptions, saveHandler, unique } from './publish';

type Base = 'bash_jinja2' | 'python' | 'javascript';

/** A placed, approved operation: `in` takes any number of files, `out` is one. `from` are the placements that it takes from. */
export function operation(base: Base, code: string, from: Node[] = [], over: Partial<Node> = {}): Node {
  const fresh = newNode(base);
  return {
    ...fresh,
    title: `${base} operation`,
    description: 'd',
    node_status: 'READY',
    inputs: [
      {
        name: 'in',
        file_types: ['file'],
        min_count: 0,
        max_count: -1,
        values: from.map(({ _id }) => ({ node_id: _id, output_id: 'out', resource_id: null })),
      },
    ],
    outputs: [{ name: 'out', file_type: 'file', resource_id: null }],
    parameters: fresh.parameters.map((one) =>
      one.name === 'cmd'
        ? { ...one, value: { value: code, mode: base } }
        : one.name === 'cacheable'
          ? { ...one, value: false }
          : one,
    ),
    ...over,
  };
}

/**
 * The code of a JavaScript operation. Where the language does not matter it is this one: a shell is an isolate of 1.3 MB, and saving what
 * runs one starts CPython.
 */
export const script = (...lines: string[]): string =>
  [
    'const pause = (ms) => new Promise((done) => setTimeout(done, ms));',
    'export default async ({ input, output, param, readText, writeText }) => {',
    ...lines,
    '};',
  ].join('\n');

/** An operation that leaves a text. */
export const leaving = (text: string, from: Node[] = []): Node =>
  operation('javascript', script(`writeText(output.out, ${JSON.stringify(text)});`), from);

/** The operation with another value of a parameter that it has. */
export const withParameter = (node: Node, name: string, value: number | boolean): Node => ({
  ...node,
  parameters: node.parameters.map((one) => (one.name === name ? { ...one, value } : one)),
});

/** A graph of these nodes under an id of its own. */
export const graphOfNodes = (...nodes: Node[]): Graph => ({
  ...newGraph(newObjectId()),
  title: 'a graph',
  description: 'of a test',
  nodes,
});

/** Publishes a stored graph under a path of its own, for everybody; answers the path. */
export async function publishGraph(source: object, options: EndpointOptions = {}): Promise<string> {
  const handler = await saveHandler(JSON.stringify(source), `${unique('graph')}.graph.json`);
  const path = unique('ep');
  const input = {
    path,
    access: { level: 'public' as const },
    methods: ['GET' as const, 'POST' as const],
    ...options,
    handler: { path: handler.path },
  };
  await createEndpoint(testContext(), CreateEndpointInput.parse(input));
  return `/u/${path}`;
}
