import * as z from 'zod';
import type { Context } from '../../core/access/context';
import { ApiError, type Issue } from '../../kernel/errors';
import type { Artifact } from '../../core/code/artifact';
import { randomText } from '../../kernel/ids';
import { findLoss } from '../../kernel/json-loss.rules';
import { placeOf } from '../../kernel/json.rules';
import { aliasesOf } from './bind-parameters.rules';
import { asNotRun } from '../edit/clone-graph.rules';
import { emptyCommandWarnings } from '../run/empty-command.rules';
import { readDocument } from '../run/find-graph';
import { validateGraph } from '../validate/validate-graph.rules';
import type { ValidationIssue } from '../validate/validation.rules';
import { warnOfUnquoted } from './warn-of-unquoted';

/** The source of a handler of language `graph`: the graph, and the names of its public parameters for callers. */
const PublishedGraph = z.strictObject({
  graph: z.string().regex(/^[0-9a-f]{24}$/, 'must be the id of a graph: 24 hex digits'),
  /** Parameter names of the endpoint -> aliases of the graph. By default every alias is a parameter of the same name. */
  parameters: z.record(z.string().min(1).max(200), z.string().min(1).max(1000)).optional(),
  answer: z.enum(['wait', 'run']).default('wait'),
});
type PublishedGraph = z.infer<typeof PublishedGraph>;

const invalid = (code: string, message: string): ApiError =>
  new ApiError('invalid_source', message, { issues: [{ pointer: '#/source', code: `source_${code}`, message }] });

/**
 * Parses the source of a handler that is a graph, and stores the graph in its current state: a version never changes when the graph does.
 * Throws 422 `invalid_source` when the graph does not exist, would not run, or lacks an alias. Warns of callers' text that a shell would
 * execute.
 */
export async function preparePublished(
  ctx: Pick<Context, 'store' | 'operations'>,
  source: string,
): Promise<{ artifact: Artifact; warnings: Issue[] }> {
  const wanted = readSource(source);
  const row = await ctx.store.graphs.get(wanted.graph);
  const graph = row && (await readDocument(ctx, row));
  if (!graph) throw invalid('graph', `graph ${wanted.graph} not found`);
  const error = validateGraph(graph);
  if (error) throw invalid('graph', `the graph would not run: ${firstOf(error)}`);
  const known = aliasesOf(graph);
  const aliases = wanted.parameters ?? Object.fromEntries(known.map((alias) => [alias, alias]));
  const unknown = Object.values(aliases).find((alias) => !known.includes(alias));
  if (unknown !== undefined) {
    throw invalid(
      'alias',
      `the graph has no parameter with the alias ${JSON.stringify(unknown)}; it has ${known.join(', ') || 'none'}`,
    );
  }
  const documentKey = `graphs/published/${randomText(20)}`;
  const frozen = { ...graph, graph_running_status: 'CREATED', nodes: graph.nodes.map(asNotRun) };
  await ctx.store.blobs.put(documentKey, JSON.stringify(frozen), row.ownerId);
  const artifact: Artifact = {
    runtime: 'javascript',
    form: 'named',
    code: '',
    libraries: [],
    graph: { documentKey, aliases, answer: wanted.answer },
  };
  const empty = emptyCommandWarnings(graph.nodes).map((message) => ({
    pointer: '#/source',
    code: 'source_empty_command',
    message,
  }));
  return { artifact, warnings: [...empty, ...(await warnOfUnquoted(ctx, graph, new Set(Object.values(aliases))))] };
}

function readSource(source: string): PublishedGraph {
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch (error) {
    throw invalid('syntax', `this is not JSON${placeOf(error, source)}`);
  }
  const loss = findLoss(source);
  if (loss !== null) throw invalid('form', `${loss.pointer.slice(2) || 'the source'}: ${loss.message}`);
  const read = PublishedGraph.safeParse(value);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw invalid('form', `${issue!.path.join('.') || 'the source'}: ${issue!.message}`);
}

const firstOf = ({ code, object, children: [child] }: ValidationIssue): string =>
  child ? firstOf(child) : `${code} at \`${object}\``;
