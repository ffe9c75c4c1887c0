import type { Graph } from '../document/graph.schema';
import { readCallValue } from './call-value.rules';

/** A graph with values from outside, or every alias whose value does not fit. */
export type Bound = { kind: 'bound'; graph: Graph } | { kind: 'invalid'; issues: { alias: string; message: string }[] };

/** The aliases under which a graph's public parameters can be set, each once, in the order of the document. */
export const aliasesOf = (graph: Graph): string[] => [
  ...new Set(
    graph.nodes.flatMap(({ parameters }) => parameters.flatMap(({ widget }) => (widget?.alias ? [widget.alias] : []))),
  ),
];

/**
 * Sets public parameters by alias: how a published graph takes a call's parameters. An alias that several parameters share sets all
 * of them; what the call leaves out keeps its value.
 */
export function bindParameters(graph: Graph, values: ReadonlyMap<string, unknown>): Bound {
  const issues: { alias: string; message: string }[] = [];
  const nodes = graph.nodes.map((node) => ({
    ...node,
    parameters: node.parameters.map((parameter) => {
      const alias = parameter.widget?.alias;
      if (!alias || !values.has(alias)) return parameter;
      const read = readCallValue(parameter, values.get(alias));
      if ('value' in read) return { ...parameter, value: read.value };
      issues.push({ alias, message: read.issue });
      return parameter;
    }),
  }));
  return issues.length > 0 ? { kind: 'invalid', issues } : { kind: 'bound', graph: { ...graph, nodes } };
}
