import { describe, expect, it } from 'vitest';
import { generateCode } from '../../../src/plynx/edit/generate-code.rules';
import type { Graph } from '../../../src/plynx/document/graph.schema';
import type { Node } from '../../../src/plynx/document/node.schema';
import type { GraphParameter } from '../../../src/plynx/document/parameter.schema';
import { graphOf, idOf, meshOf, placedFile, placedNode } from '../document/graph-samples';

const codeOf = (graph: Graph): string => {
  const result = generateCode(graph, () => 'beef');
  if (result.kind === 'refused') throw new Error(result.message);
  return result.code;
};
const parameter = (name: string, over: Partial<GraphParameter>): GraphParameter => ({
  name,
  parameter_type: 'str',
  value: '',
  mutable_type: true,
  removable: true,
  publicable: true,
  widget: { alias: name },
  ...over,
});
/** The lines of the call of a node with these parameters. */
const argumentsOf = (...parameters: GraphParameter[]): string[] => {
  const [, call] = codeOf(graphOf(placedNode(1, [], { parameters }))).split('\n\n');
  return call!
    .split('\n')
    .slice(1, -1)
    .map((line) => line.trim());
};

it('writes classes, calls from the sources on, and the graph', () => {
  const file = { ...placedFile(1), title: 'my report.csv', description: "it's" };
  const code = codeOf(
    graphOf(file, placedNode(2, [1], { title: 'Sum up' }), placedNode(3, [1, 2], { title: 'Other' })),
  );
  expect(code).toBe(`my_report_csv = File(
    id='${idOf(900001)}',
    title='my report.csv',
    description="it's",
)

SumUp = Operation(
    id='${idOf(900002)}',
    title='Sum up',
    inputs=['in'],
    params=[],
    outputs=['out'],
)

Other = Operation(
    id='${idOf(900003)}',
    title='Other',
    inputs=['in'],
    params=[],
    outputs=['out'],
)

sum_up_1_0 = SumUp(
    **{'in': my_report_csv.outputs.out},
)

other_2_0 = Other(
    **{'in': [my_report_csv.outputs.out, sum_up_1_0.outputs.out]},
)

graph = Graph(
    Client(
        token=TOKEN,
        endpoint=ENDPOINT,
    ),
    title='Title',
    description='Description',
    targets=[other_2_0]
)

graph.approve().wait()
`);
});

it.each<[string, Partial<GraphParameter>, string]>([
  ['a number as it was posted', { parameter_type: 'int', value: '7' }, 'p=7'],
  ['a number that Python would not read', { parameter_type: 'int', value: '+007' }, 'p=7'],
  ['a large number', { parameter_type: 'int', value: '9007199254740993' }, 'p=9007199254740993'],
  ['a text', { value: "it's" }, 'p="it\'s"'],
  ['a flag', { parameter_type: 'bool', value: true }, 'p=True'],
  ['a list of numbers', { parameter_type: 'list_int', value: [1, '2'] }, "p=[1, '2']"],
  ['the chosen text of an enum', { parameter_type: 'enum', value: { values: ['a', 'b'], index: '1' } }, "p='b'"],
  ['an enum with nothing chosen', { parameter_type: 'enum', value: { values: ['a'], index: -1 } }, "p=''"],
  ['code', { parameter_type: 'code', value: { value: 'x\ny', mode: 'sh' } }, "p='x\\ny'"],
])('%s', (_, over, line) => expect(argumentsOf(parameter('p', over))).toEqual([`${line},`]));

it('leaves private parameters out', () => expect(argumentsOf(parameter('p', { widget: null }))).toEqual([]));

describe('names', () => {
  const titled = (n: number, title: string): Node => placedNode(n, [], { title });
  it('of two classes with one title differ', () => {
    const code = codeOf(graphOf(titled(1, 'Sum'), titled(2, 'sum!')));
    expect(code).toContain('\nSum_beef = Operation(');
    expect(code).toContain('\nsum__0_1 = Sum_beef(');
  });
  it('placements of one stored node share a class, which the last one describes', () => {
    const twice = [titled(1, 'Old'), titled(2, 'New')].map((node) => ({ ...node, parent_node: idOf(9) }));
    const code = codeOf(graphOf(...twice));
    expect(code.match(/= Operation\(/g)).toHaveLength(1);
    expect(code).toContain("title='New'");
  });
  it('are valid identifiers for any title', () => {
    const code = codeOf(graphOf(titled(1, '  '), { ...placedFile(2), title: '2019' }, { ...placedFile(3), title: '' }));
    expect(code).toMatch(/^Node = Operation\(/m);
    expect(code).toMatch(/^_2019 = File\(/m);
    expect(code).toMatch(/^file = File\(/m);
  });
});

it.each([
  ['None', /^None_ = Operation\($/m],
  ['graph', /^Graph_ = Operation\($/m],
  ['File', /^File_ = Operation\($/m],
  ['2019 sums', /^_2019_sums_0_0 = Sums\($/m],
])('an operation titled %s hides nothing', (title, line) =>
  expect(codeOf(graphOf(placedNode(1, [], { title })))).toMatch(line),
);
it.each([
  ['class', /^class_ = File\($/m],
  ['None', /^None_ = File\($/m],
  ['getattr', /^getattr_ = File\($/m],
])('a file titled %s hides nothing', (title, line) =>
  expect(codeOf(graphOf({ ...placedFile(1), title }))).toMatch(line),
);
it('a file named as a placement is another name', () => {
  const code = codeOf(graphOf({ ...placedFile(1), title: 'sum_1_0' }, placedNode(2, [1], { title: 'Sum' })));
  expect(code).toContain("sum_1_0_beef = Sum(\n    **{'in': sum_1_0.outputs.out},\n");
});

it('no title and no name can end a statement', () => {
  const evil = "'),\nimport os\n#";
  const node = placedNode(2, [], {
    title: evil,
    inputs: [{ ...placedNode(2, [1]).inputs[0]!, name: evil }],
    parameters: [parameter(evil, { value: evil })],
  });
  const code = codeOf({ ...graphOf({ ...placedFile(1), title: evil, description: evil }, node), title: evil });
  expect(code.split('\n').filter((line) => line.startsWith('import'))).toEqual([]);
  expect(code).toContain(`**{"'),\\nimport os\\n#": `);
});

it('has no code for what has no order', () => {
  expect(generateCode(graphOf(placedNode(1, [1]))).kind).toBe('refused');
  expect(generateCode(graphOf()).kind).toBe('refused');
});

it('writes 1,000 nodes', () => {
  const result = generateCode(meshOf(1000));
  expect(result.kind === 'code' && result.code.length).toBeGreaterThan(100_000);
});
