import type { Graph } from './graph.schema';
import { invalidValueMessage, readParameterValue } from './parameter.schema';

/** A graph with values from outside, or every alias whose value does not fit. */
export type Bound =
  | { kind: 'bound'; graph: Graph }
  | { kind: 'invalid'; offences: { alias: string; message: string }[] };

/** The aliases under which a graph's public parameters can be set, each once, in the order of the document. */
export const aliasesOf = (graph: Graph): string[] => [
  ...new Set(
    graph.nodes.flatMap(({ parameters }) => parameters.flatMap(({ widget }) => (widget?.alias ? [widget.alias] : []))),
  ),
];

/**
 * Sets public parameters by alias: how a published graph takes a call's parameters. An alias that several parameters share sets all
 * of them; what the call leaves out keeps its value. For an enum the value is one of its texts.
 */
export function bindParameters(graph: Graph, values: ReadonlyMap<string, unknown>): Bound {
  const offences: { alias: string; message: string }[] = [];
  const nodes = graph.nodes.map((node) => ({
    ...node,
    parameters: node.parameters.map((parameter) => {
      const alias = parameter.widget?.alias;
      if (!alias || !values.has(alias)) return parameter;
      const given = values.get(alias);
      const value = readParameterValue(parameter.parameter_type, asPosted(parameter, given));
      if (value !== undefined) return { ...parameter, value };
      offences.push({ alias, message: invalidValueMessage(parameter.name, given) });
      return parameter;
    }),
  }));
  return offences.length > 0 ? { kind: 'invalid', offences } : { kind: 'bound', graph: { ...graph, nodes } };
}

// A caller says which text, not which index, and sends code as text. A text that the enum does not have stays a text, which no enum is.
function asPosted({ value }: Graph['nodes'][number]['parameters'][number], given: unknown): unknown {
  if (typeof value !== 'object' || Array.isArray(value) || typeof given !== 'string') return given;
  if ('mode' in value) return { ...value, value: given };
  const index = value.values.indexOf(given);
  return index < 0 ? given : { ...value, index };
}
