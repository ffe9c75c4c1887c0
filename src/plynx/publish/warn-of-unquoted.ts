import type { UnquotedPlace } from '../../runtime/operations/templates';
import type { Context } from '../../core/access/context';
import type { Issue } from '../../kernel/errors';
import type { Graph } from '../document/graph.schema';
import { commandOf } from '../run/job.rules';
import type { Node } from '../document/node.schema';
import type { GraphParameterType } from '../document/parameter.schema';
import { pythonRepr } from '../document/python.rules';

/** Types whose value a caller writes freely; a number, a flag or a choice cannot contain code. */
const TEXTS: readonly GraphParameterType[] = ['str', 'text', 'code', 'list_str'];
/** Maximum warnings of one save. */
const MAX_WARNINGS = 100;

/**
 * Returns warnings about bash operations whose script contains a caller's text unquoted, where it is code: callers can run commands. Also
 * warns of a script that cannot be rendered.
 */
export async function warnOfUnquoted(
  ctx: Pick<Context, 'operations'>,
  graph: Graph,
  aliases: ReadonlySet<string>,
): Promise<Issue[]> {
  const exposed = graph.nodes.flatMap((node) => {
    const published = node.base_node_name === 'bash_jinja2' ? textsOf(node, aliases) : [];
    return published.length > 0 ? [{ node, published }] : [];
  });
  // Placements of one operation have the same script.
  const scripts = new Map(
    exposed.map(({ node, published }) => {
      const script = { source: commandOf(node), published };
      return [JSON.stringify(script), { ...script, node }];
    }),
  );
  if (scripts.size === 0) return [];
  const found = await findAllUnquoted(
    ctx,
    Array.from(scripts.values(), ({ source, published }) => ({ source, published })),
  );
  return [...scripts.values()]
    .flatMap(({ node }, at) => {
      const places = found[at]!;
      const messages = typeof places === 'string' ? [`its script cannot run: ${places}`] : places.map(toMessage);
      return messages.map((message) => toWarning(node, message));
    })
    .slice(0, MAX_WARNINGS);
}

/** A script may exceed the limits of the isolate that parses it; every author then gets a warning. */
async function findAllUnquoted(
  ctx: Pick<Context, 'operations'>,
  scripts: { source: string; published: string[] }[],
): Promise<(UnquotedPlace[] | string)[]> {
  try {
    return await ctx.operations.findUnquoted(scripts);
  } catch (error) {
    return scripts.map(() => (error instanceof Error ? error.message : 'it could not be read'));
  }
}

const textsOf = (node: Node, aliases: ReadonlySet<string>): string[] =>
  node.parameters
    .filter(({ widget, parameter_type }) => widget && aliases.has(widget.alias) && TEXTS.includes(parameter_type))
    .map(({ name }) => name);

const toWarning = ({ title, _id }: Node, message: string): Issue => ({
  pointer: '#/source',
  code: 'source_unquoted_parameter',
  message: `operation "${title.slice(0, 100)}" (${_id}): ${message}`,
});

function toMessage({ line, parameter, why }: UnquotedPlace): string {
  const quoted = `{{ param[${pythonRepr(parameter)}] | quote }}`;
  return why === 'unquoted'
    ? `line ${line} of its script runs what callers send as ${parameter}. Write ${quoted}`
    : `line ${line} of its script has ${quoted} inside quotes, which undoes it. Leave the quotes out`;
}
