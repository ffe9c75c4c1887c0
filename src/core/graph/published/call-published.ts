import type { Outcome } from '../../../runtime/types';
import type { Call } from '../../dispatch/call';
import { underFormerNames } from '../../dispatch/invocation';
import type { Context } from '../../context';
import { Fault } from '../../errors';
import type { GraphFacts } from '../../handler/handler.schema';
import { authorize } from '../../user/can';
import { bindParameters } from '../bind-parameters.rules';
import type { Graph } from '../graph.schema';
import { readObjectId } from '../object-id.rules';
import { answerOf, type GraphAnswer, isOver, OVER } from './answer-of';
import { startPublished } from './start-published';

/** Kept back from the time limit, so that "not yet" still arrives in time. */
const RESERVE_MS = 500;
const FIRST_LOOK_MS = 100;
const LONGEST_LOOK_MS = 1000;

/**
 * One call of an endpoint whose handler is a graph: a run of its own with the call's parameters, as the endpoint's executor. Answers the
 * outputs, or 202 and where to ask: the endpoint itself, with `?run=<id>`.
 */
export async function callPublished(ctx: Context, call: Call, facts: GraphFacts): Promise<Outcome> {
  try {
    const asked = new URLSearchParams(call.request.query).get('run');
    if (asked !== null) return await look(ctx, call, asked);
    const bound = await bind(ctx, call, facts);
    if ('type' in bound) return bound;
    const id = await startPublished(asExecutor(ctx, call), bound, call.definition.id);
    const answer = facts.answer === 'run' ? null : await wait(ctx, call, id);
    if (answer?.status === 'SUCCESS') return json(200, { ...answer });
    if (answer) return failed('GraphFailed', `the run of graph ${id} ended as ${answer.status}`);
    return later(ctx, call, id);
  } catch (error) {
    if (error instanceof Fault) return failed(error.code, error.message);
    throw error;
  }
}

const BASE = {
  cold: false,
  settle: null,
  report: { logs: [], logsCut: false, steps: [], outbound: [], lateError: null },
};
const json = (status: number, body: object, headers: [string, string][] = []): Outcome => ({
  ...BASE,
  type: 'text',
  kind: 'json',
  status,
  headers,
  body: JSON.stringify(body),
});
const failed = (name: string, message: string): Outcome => ({
  ...BASE,
  type: 'failed',
  error: { name, message, stack: '' },
});

/** The graph with the call's values, or what is wrong with them. */
async function bind(ctx: Context, call: Call, { documentKey, aliases }: GraphFacts): Promise<Graph | Outcome> {
  const text = await ctx.store.blobs.text(documentKey);
  if (text === null) return failed('GraphGone', 'the published graph is not in the store any more');
  const names = Object.entries(aliases);
  const params = underFormerNames(call);
  const unexpected = Object.keys(params).filter((name) => !Object.hasOwn(aliases, name));
  if (unexpected.length > 0) {
    return invalid(
      unexpected.map((name) => ({
        name,
        code: 'unexpected_parameter',
        message: `unexpected parameter ${JSON.stringify(name)}`,
      })),
    );
  }
  const values = new Map(
    names.flatMap(([name, alias]): [string, unknown][] => (Object.hasOwn(params, name) ? [[alias, params[name]]] : [])),
  );
  const bound = bindParameters(JSON.parse(text) as Graph, values);
  if (bound.kind === 'bound') return bound.graph;
  const nameOf = (wanted: string): string => names.find(([, alias]) => alias === wanted)?.[0] ?? wanted;
  return invalid(bound.offences.map(({ alias, message }) => ({ name: nameOf(alias), code: 'invalid', message })));
}

const invalid = (offences: { name: string; code: string; message: string }[]): Outcome => ({
  ...BASE,
  type: 'invalid',
  errors: offences.map(({ name, code, message }) => ({
    pointer: `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`,
    code,
    message,
  })),
});

/** The context of the user whose rights the endpoint has; who calls it makes no difference to what it may do. */
function asExecutor(ctx: Context, call: Call): Context {
  const { executor } = call.definition;
  if (!executor) throw new Fault('executor_disabled', 'The user whose rights this endpoint runs with is disabled.');
  const { id, name, roles } = executor;
  const own: Context = { ...ctx, actor: { type: 'user', id, name, roles, sessionId: '' } };
  authorize(own, 'graph.write');
  return own;
}

/** How the run ended, or null when it goes on beyond the call's time. */
async function wait(ctx: Context, call: Call, id: string): Promise<GraphAnswer | null> {
  const until = call.admittedAt + call.definition.limits.timeoutMs - RESERVE_MS;
  let pause = FIRST_LOOK_MS;
  for (;;) {
    if (await isOver(ctx, id)) return answerOf(ctx, id);
    if (ctx.now() + pause >= until) return null;
    await new Promise((resolve) => setTimeout(resolve, pause));
    pause = Math.min(pause * 1.5, LONGEST_LOOK_MS);
  }
}

function later(ctx: Context, call: Call, id: string): Outcome {
  const run = `${ctx.origin}/u/${call.definition.path}?run=${id}`;
  return json(202, { graph: id, status: 'RUNNING', run }, [
    ['location', run],
    ['retry-after', '1'],
  ]);
}

/** A run that this endpoint began earlier; nobody else's is told from none, nor one that was deleted as time went by. */
async function look(ctx: Context, call: Call, asked: string): Promise<Outcome> {
  const id = readObjectId(asked);
  const row = id === undefined ? undefined : await ctx.store.graphs.get(id);
  const absent = {
    error: `There is no such run. Runs are kept for ${ctx.settings.retentionDays} days after their end.`,
  };
  if (!row || row.endpointId !== call.definition.id) return json(404, absent);
  if (!OVER.includes(row.status)) return later(ctx, call, row.id);
  try {
    return json(200, { ...(await answerOf(ctx, row.id)) });
  } catch (error) {
    // Deleted at this moment.
    if (error instanceof Fault && error.code === 'not_found') return json(404, absent);
    throw error;
  }
}
