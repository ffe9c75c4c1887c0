import { columnsOf } from './arrange.rules';
import type { Graph } from './graph.schema';
import type { Node } from './node.schema';
import { type Parameter, scriptValue } from './parameter.schema';
import { pythonRepr, pythonStr } from './python.rules';

export type GeneratedCode = { kind: 'code'; code: string } | { kind: 'refused'; message: string };

/** A short random suffix that tells two classes of one title apart. */
export type Suffix = () => string;
const randomSuffix: Suffix = () => crypto.randomUUID().slice(0, 4);

/**
 * GENERATE_CODE: Python that builds the same graph through PLynx's client library. One class per stored node, then one call per
 * placement from the sources on, then the graph with its last column as targets.
 */
export function generateCode(graph: Graph, suffix: Suffix = randomSuffix): GeneratedCode {
  const found = columnsOf(graph.nodes);
  if (found.kind === 'refused') return found;
  const classes = nameClasses(graph.nodes, suffix);
  const variables = new Map<string, string>();
  found.columns.forEach((members, column) =>
    members.forEach((at, row) => {
      const node = graph.nodes[at]!;
      variables.set(node._id, isFile(node) ? classes.get(classKey(node))!.name : `${lowerName(node)}_${column}_${row}`);
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
// Placements without a stored node have no id to go by and share one class, as in PLynx.
const classKey = (node: Node): string => node.parent_node ?? 'None';
const lowerName = (node: Node): string => node.title.toLowerCase().replaceAll(/[^a-zA-Z0-9]/g, '_');

// In the order of their first placement; of several placements of one stored node the last one describes it.
function nameClasses(nodes: Node[], suffix: Suffix): Map<string, { name: string; node: Node }> {
  const latest = new Map(nodes.map((node) => [classKey(node), node]));
  const taken = new Set<string>();
  const classes = new Map<string, { name: string; node: Node }>();
  for (const [key, node] of latest) {
    let name = isFile(node) ? fileName(node.title) : className(node.title);
    while (taken.has(name)) name += `_${suffix()}`;
    taken.add(name);
    classes.set(key, { name, node });
  }
  return classes;
}

const className = (title: string): string =>
  title
    .split(/[^a-zA-Z]/)
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1).toLowerCase())
    .join('') || 'Node';

const fileName = (title: string): string => {
  const name = title.replaceAll(/[^a-zA-Z0-9]/g, '_') || 'file';
  return /^\d/.test(name) ? `_${name}` : name;
};

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

// PLynx writes names as they stand. A name that is no identifier would end or change the statement, so it goes in as text.
const IDENTIFIER = /^[A-Za-z_]\w*$/;
const argument = (name: string, value: string): string =>
  IDENTIFIER.test(name) ? `${name}=${value}` : `**{${pythonRepr(name)}: ${value}}`;
const attribute = (of: string, name: string): string =>
  IDENTIFIER.test(name) ? `${of}.${name}` : `getattr(${of}, ${pythonRepr(name)})`;

function literal(parameter: Parameter): string {
  const value = scriptValue(parameter);
  return parameter.parameter_type === 'int' ? pythonStr(value).trim() : pythonRepr(value);
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
