import type { Graph } from '../../../../src/plynx/document/graph.schema';
import type { Node } from '../../../../src/plynx/document/node.schema';
import { acceptsType, levelsOf, topologyOf } from '../../../../src/plynx/document/topology.rules';
import { createLink, type Edited, type LinkEnd } from '../../../../src/plynx/edit/edit-graph.rules';
import { toIssueList, type GraphIssue } from '../../../../src/plynx/authoring/graph-issues.rules';
import { validateGraph } from '../../../../src/plynx/validate/validate-graph.rules';

/** Changes of a user to a graph. */
export interface GraphDocument {
  title: string;
  description: string;
  nodes: readonly Node[];
}

/** The same as the rules of the service take it. */
const toGraph = (doc: GraphDocument): Graph => ({
  _id: '',
  author: null,
  graph_running_status: 'CREATED',
  ...doc,
  nodes: [...doc.nodes],
});

/** Changes a document by a rule of the service. Returns a text where the rule refuses. */
export function change(doc: GraphDocument, rule: (graph: Graph) => Edited): GraphDocument | string {
  const edited = rule(toGraph(doc));
  if (edited.kind !== 'edited') return edited.message;
  const { title, description, nodes } = edited.graph;
  return { title, description, nodes };
}

/** Returns why a document cannot run, by the rules of the service. */
export const issuesOf = (doc: GraphDocument): GraphIssue[] => toIssueList(validateGraph(toGraph(doc)));

export const replaceIn = (doc: GraphDocument, id: string, part: Partial<Node>): GraphDocument => ({
  ...doc,
  nodes: doc.nodes.map((node) => (node._id === id ? { ...node, ...part } : node)),
});

/** Moves nodes; places are whole numbers. Returns the same document where nothing moves. */
export function moveIn(doc: GraphDocument, places: ReadonlyMap<string, { x: number; y: number }>): GraphDocument {
  const isAt = ({ _id, x, y }: Node): boolean => {
    const place = places.get(_id);
    return place === undefined || (Math.round(place.x) === x && Math.round(place.y) === y);
  };
  if (doc.nodes.every(isAt)) return doc;
  const moved = (node: Node): Node => {
    const place = places.get(node._id);
    return place ? { ...node, x: Math.round(place.x), y: Math.round(place.y) } : node;
  };
  return { ...doc, nodes: doc.nodes.map(moved) };
}

/** Returns a free place for a new node: right of the selected one, or below all. */
export function freePlace(doc: GraphDocument, beside: string | undefined): { x: number; y: number } {
  const node = doc.nodes.find(({ _id }) => _id === beside);
  let place = node
    ? { x: node.x + 320, y: node.y }
    : { x: 60, y: Math.max(0, ...doc.nodes.map(({ y }) => y + 160)) + (doc.nodes.length === 0 ? 60 : 0) };
  while (doc.nodes.some(({ x, y }) => Math.abs(x - place.x) < 40 && Math.abs(y - place.y) < 40))
    place = { ...place, y: place.y + 160 };
  return place;
}

export interface Target extends LinkEnd {
  title: string;
}

/** Returns the inputs that an output can be connected to: those that the rules would accept. */
export function targetsOf(doc: GraphDocument, from: LinkEnd): Target[] {
  const output = doc.nodes.find(({ _id }) => _id === from.nodeId)?.outputs.find(({ name }) => name === from.name);
  if (output === undefined) return [];
  return doc.nodes.flatMap(({ _id, title, inputs }) =>
    inputs
      .filter((input) => acceptsType(input, output))
      .map(({ name }) => ({ nodeId: _id, name, title }))
      .filter((to) => typeof change(doc, (graph) => createLink(graph, from, to)) !== 'string'),
  );
}

export interface Level {
  node: Node;
  /** Steps from the first nodes; 0 for those that take nothing. -1 on a cycle. */
  level: number;
}

/** Returns the nodes in the order in which they can run. */
export function inOrder({ nodes }: GraphDocument): Level[] {
  const { producers, consumers, dangling } = topologyOf(nodes);
  const levels = levelsOf({ producers: consumers, consumers: producers, dangling });
  return nodes
    .map((node, at) => ({ node, level: levels[at]! }))
    .toSorted((a, b) => a.level - b.level || a.node.y - b.node.y || a.node.x - b.node.x);
}

/** Returns `title.output`, or the id of a node that is gone. */
export function nameOfEnd({ nodes }: GraphDocument, { nodeId, name }: LinkEnd): string {
  const node = nodes.find(({ _id }) => _id === nodeId);
  return `${node === undefined ? nodeId : node.title || 'untitled'}.${name}`;
}
