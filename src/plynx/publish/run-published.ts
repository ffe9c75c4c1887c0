import type { Context } from '../../core/access/context';
import type { GraphFacts } from '../../core/code/artifact';
import { findBracketed, listOf } from '../../core/parameters/parameter-source.rules';
import { quoted } from '../../kernel/errors';
import { bindParameters } from './bind-parameters.rules';
import type { Graph } from '../document/graph.schema';
import { answerOf, type GraphAnswer, isOver } from './answer-of';
import { startPublished } from './start-published';

/** A requested run of a published graph; `endpointId` is the endpoint for which it runs. */
export interface WantedRun {
  facts: GraphFacts;
  params: Record<string, unknown>;
  endpointId: string;
  /** Unix milliseconds until which the call waits for its end. */
  until: number;
}

/** `going`: not waited for, or time is up; the run continues. `gone`: the published document is no longer in the store. */
export type PublishedRun =
  | { kind: 'ended'; answer: GraphAnswer }
  | { kind: 'going'; graph: string }
  | { kind: 'invalid'; issues: ParameterIssue[] }
  | { kind: 'gone' };
/** An issue of a parameter, by its name; the wire knows where it was sent. */
interface ParameterIssue {
  /** The parameter. */
  name: string;
  code: string;
  message: string;
}

/** Milliseconds reserved of a time limit, so that the response "still running" arrives in time. */
export const RESERVE_MS = 500;
const FIRST_LOOK_MS = 100;
const LONGEST_LOOK_MS = 1000;

/** Runs a published graph once with these parameters, as the actor, who needs the right to create graphs, and waits for its end. */
export async function runPublished(ctx: Context, wanted: WantedRun): Promise<PublishedRun> {
  const { facts, endpointId, until } = wanted;
  const text = await ctx.store.blobs.text(facts.documentKey);
  if (text === null) return { kind: 'gone' };
  const bound = bind(JSON.parse(text) as Graph, facts.aliases, wanted.params);
  if (Array.isArray(bound)) return { kind: 'invalid', issues: bound };
  const graph = await startPublished(ctx, bound, endpointId);
  const answer = facts.answer === 'run' ? null : await wait(ctx, graph, until);
  return answer ? { kind: 'ended', answer } : { kind: 'going', graph };
}

/** Returns the graph with these values, or their issues. */
function bind(
  published: Graph,
  aliases: GraphFacts['aliases'],
  given: Record<string, unknown>,
): Graph | ParameterIssue[] {
  const params = joinLists(aliases, given);
  const unexpected = Object.keys(params).filter((name) => !Object.hasOwn(aliases, name));
  if (unexpected.length > 0) {
    return unexpected.map((name) => ({
      name,
      code: 'unexpected_parameter',
      message: `unexpected parameter ${JSON.stringify(quoted(name))}`,
    }));
  }
  const names = Object.entries(aliases);
  const values = new Map(
    names.flatMap(([name, alias]): [string, unknown][] => (Object.hasOwn(params, name) ? [[alias, params[name]]] : [])),
  );
  const bound = bindParameters(published, values);
  if (bound.kind === 'bound') return bound.graph;
  const nameOf = (wanted: string): string => names.find(([, alias]) => alias === wanted)?.[0] ?? wanted;
  return bound.issues.map(({ alias, message }) => {
    const name = nameOf(alias);
    return { name, code: 'invalid', message: `parameter ${JSON.stringify(quoted(name))} ${message}` };
  });
}

/** Drops null values, which mean nothing sent, and joins lists that came item by item, as `name[]`. */
function joinLists(aliases: GraphFacts['aliases'], given: Record<string, unknown>): Record<string, unknown> {
  const { lists, keys } = findBracketed(Object.keys(given), new Set(Object.keys(aliases)), (key) =>
    [given[key]].flat(),
  );
  const params = Object.create(null) as Record<string, unknown>;
  for (const [name, value] of Object.entries(given)) if (value !== null && !keys.has(name)) params[name] = value;
  for (const [name, items] of lists) params[name] ??= listOf(items).value;
  return params;
}

/** Waits for the end of the run. Returns null when it continues. */
async function wait(ctx: Context, id: string, until: number): Promise<GraphAnswer | null> {
  let pause = FIRST_LOOK_MS;
  for (;;) {
    if (await isOver(ctx, id)) return answerOf(ctx, id);
    if (ctx.now() + pause >= until) return null;
    await new Promise((resolve) => setTimeout(resolve, pause));
    pause = Math.min(pause * 1.5, LONGEST_LOOK_MS);
  }
}
