import type { Graph } from '../document/graph.schema';
import { readCallValue } from './call-value.rules';

/** A graph with values of a call, or every alias whose value does not fit. */
export type Bound = { kind: 'bound'; graph: Graph } | { kind: 'invalid'; issues: { alias: string; message: string }[] };

/** Returns the aliases of a graph's public parameters, each once, in the order of the document. */
export const aliasesOf = (graph: Graph): string[] => [
  ...new Set(
    graph.nodes.flatMap(({ parameters }) => parameters.flatMap(({ widget }) => (widget?.alias ? [widget.alias] : []))),
  ),
];

/**
 * Sets public parameters by alias: a published graph gets a call's parameters this way. An alias that several parameters share sets all of
 * them; parameters that the call omits keep their values.
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
