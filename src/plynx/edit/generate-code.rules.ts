import { columnsOf } from './arrange.rules';
import type { Graph } from '../document/graph.schema';
import type { Node } from '../document/node.schema';
import { type GraphParameter, scriptValue } from '../document/parameter.schema';
import { pythonRepr, pythonStr } from '../document/python.rules';

export type GeneratedCode = { kind: 'code'; code: string } | { kind: 'refused'; message: string };

/** Returns a short random suffix that distinguishes two classes with the same title. */
export type Suffix = () => string;
const randomSuffix: Suffix = () => crypto.randomUUID().slice(0, 4);

/**
 * GENERATE_CODE: returns Python that builds the same graph through PLynx's client library. One class per stored node, then one call per
 * placement, sources first, then the graph with its last column as targets.
 */
export function generateCode(graph: Graph, suffix: Suffix = randomSuffix): GeneratedCode {
  const found = columnsOf(graph.nodes);
  if (found.kind === 'refused') return found;
  const classes = nameClasses(graph.nodes, suffix);
  const taken = new Set(Array.from(classes.values(), ({ name }) => name));
  const variables = new Map<string, string>();
  found.columns.forEach((members, column) =>
    members.forEach((at, row) => {
      const node = graph.nodes[at]!;
      const name = isFile(node)
        ? classes.get(classKey(node))!.name
        : free(`${lowerName(node)}_${column}_${row}`, taken, suffix);
      variables.set(node._id, name);
    }),
  );
  const calls = found.columns
    .flat()
    .map((at) => graph.nodes[at]!)
    .filter((node) => !isFile(node))
    .map((node) =>
      block(`${variables.get(node._id)} = ${classes.get(classKey(node))!.name}`, callLines(node, variables)),
    );
  const targets = found.columns.at(-1)!.map((at) => variables.get(graph.nodes[at]!._id));
  const definitions = Array.from(classes.values(), ({ name, node }) => definition(name, node));
  return { kind: 'code', code: [...definitions, ...calls, closing(graph, targets.join(', '))].join('\n') };
}

const isFile = (node: Node): boolean => node.base_node_name === 'file';
// Placements without a stored node have no id and share one class, as in PLynx.
const classKey = (node: Node): string => node.parent_node ?? 'None';
const lowerName = (node: Node): string => unnumbered(node.title.toLowerCase().replaceAll(/[^a-zA-Z0-9]/g, '_'));
const unnumbered = (name: string): string => (/^\d/.test(name) ? `_${name}` : name);

/** Returns a name that is unique in the program. */
function free(name: string, taken: Set<string>, suffix: Suffix): string {
  let own = TAKEN.has(name) ? `${name}_` : name;
  while (taken.has(own)) own += `_${suffix()}`;
  taken.add(own);
  return own;
}

// In the order of their first placement; the last of several placements of one stored node defines the class.
function nameClasses(nodes: Node[], suffix: Suffix): Map<string, { name: string; node: Node }> {
  const latest = new Map(nodes.map((node) => [classKey(node), node]));
  const taken = new Set<string>();
  const classes = new Map<string, { name: string; node: Node }>();
  for (const [key, node] of latest) {
    const name = isFile(node) ? fileName(node.title) : className(node.title);
    classes.set(key, { name: free(name, taken, suffix), node });
  }
  return classes;
}

const className = (title: string): string =>
  title
    .split(/[^a-zA-Z]/)
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1).toLowerCase())
    .join('') || 'Node';

const fileName = (title: string): string => unnumbered(title.replaceAll(/[^a-zA-Z0-9]/g, '_') || 'file');

function definition(name: string, node: Node): string {
  const id = `id=${pythonRepr(classKey(node))}`;
  const title = `title=${pythonRepr(node.title)}`;
  if (isFile(node)) return block(`${name} = File`, [id, title, `description=${pythonRepr(node.description)}`]);
  const names = (list: { name: string }[]) => pythonRepr(list.map((one) => one.name));
  const lists = [
    `inputs=${names(node.inputs)}`,
    `params=${names(node.parameters.filter(({ widget }) => widget))}`,
    `outputs=${names(node.outputs)}`,
  ];
  return block(`${name} = Operation`, [id, title, ...lists]);
}

function callLines(node: Node, variables: Map<string, string>): string[] {
  const inputs = node.inputs
    .filter(({ values }) => values.length > 0)
    .map(({ name, values }) => {
      const sources = values.map((link) => attribute(`${variables.get(link.node_id)}.outputs`, link.output_id));
      return argument(name, sources.length === 1 ? sources[0]! : `[${sources.join(', ')}]`);
    });
  const parameters = node.parameters.filter(({ widget }) => widget);
  return [...inputs, ...parameters.map((parameter) => argument(parameter.name, literal(parameter)))];
}

const KEYWORDS =
  'False None True and as assert async await break class continue def del elif else except finally for from global if import in is ' +
  'lambda nonlocal not or pass raise return try while with yield';
/** Keywords of Python, and names that the program itself uses. */
const TAKEN = new Set([
  ...KEYWORDS.split(' '),
  'File',
  'Operation',
  'Graph',
  'Client',
  'TOKEN',
  'ENDPOINT',
  'getattr',
  'graph',
]);
const isIdentifier = (name: string): boolean => /^[A-Za-z_]\w*$/.test(name) && !KEYWORDS.split(' ').includes(name);

// PLynx's client knows an input `my-input` as `my_input`. PLynx writes names unchanged; one that is not an identifier would end or change
// the statement, so it is written as a string.
const clientName = (name: string): string => name.replaceAll(/[-.]/g, '_');
function argument(name: string, value: string): string {
  const known = clientName(name);
  return isIdentifier(known) ? `${known}=${value}` : `**{${pythonRepr(known)}: ${value}}`;
}
function attribute(of: string, name: string): string {
  const known = clientName(name);
  return isIdentifier(known) ? `${of}.${known}` : `getattr(${of}, ${pythonRepr(known)})`;
}

function literal(parameter: GraphParameter): string {
  const value = scriptValue(parameter);
  if (parameter.parameter_type !== 'int') return pythonRepr(value);
  const digits = pythonStr(value).trim();
  // Python has no 007.
  return /^[+-]?[\d_]+$/.test(digits) ? String(BigInt(digits.replaceAll('_', ''))) : digits;
}

const block = (head: string, lines: string[]): string =>
  `${head}(\n${lines.map((line) => `    ${line},\n`).join('')})\n`;

const closing = ({ title, description }: Graph, targets: string): string =>
  `graph = Graph(
    Client(
        token=TOKEN,
        endpoint=ENDPOINT,
    ),
    title=${pythonRepr(title)},
    description=${pythonRepr(description)},
    targets=[${targets}]
)

graph.approve().wait()
`;
