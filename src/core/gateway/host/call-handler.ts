import * as z from 'zod';
import type { Context } from '../../access/context';
import { makeBundle } from '../bundle';
import { type Definition, assertReady } from '../definition';
import { toParamsInvocation } from '../params-invocation';
import { ApiError } from '../../../kernel/errors';
import { invalidInput, toIssues } from '../../../kernel/issues';
import { callGraph, graphDeadline } from './call-graph';
import { toCalled, toLateReport, type CalledHandler } from './called-answer';
import type { Asking } from './host-call';

const CallRequest = z.strictObject({
  handler: z.string().min(1).max(512),
  params: z.record(z.string(), z.unknown()),
});

/** Maximum depth of nested calls: with the first handler, four isolates at once, the limit of the platform. */
const MAX_DEPTH = 3;

/**
 * The `call` step of a workflow: runs the served version of another handler for the same caller, with the executor, secrets, egress and
 * limits of the endpoint that is being called. It answers like an endpoint, so a failure is a status and not an error. Throws 403 for a
 * handler that no step of the workflow names, 404 `not_found`, 508 `loop_detected`.
 */
export async function callHandler(ctx: Context, args: unknown, asking: Asking): Promise<CalledHandler> {
  const request = CallRequest.safeParse(args);
  if (!request.success) throw invalidInput(toIssues(request.error));
  const { handler: path, params } = request.data;
  if (!asking.bundle.artifact.workflow?.calls.includes(path))
    throw new ApiError('forbidden', `Only a step of a workflow that names ${path} may call it.`);
  if (asking.depth > MAX_DEPTH)
    throw new ApiError('loop_detected', `This call is more than ${MAX_DEPTH} handlers deep. Do they call each other?`);
  const definition = await currentDefinition(ctx, asking.outlet.call.definition);
  assertReady(definition);
  const handler = await ctx.store.handlers.byPath(path);
  const version = handler?.defaultVersion ?? null;
  const row = handler && version !== null ? await ctx.store.handlers.version(handler.id, version) : undefined;
  if (!handler || version === null || !row) throw new ApiError('not_found', `No deployed handler found at ${path}.`);
  const { artifact } = row;
  if (artifact.workflow?.kind === 'middleware')
    throw new ApiError('not_found', `${path} is a middleware: attach it to an endpoint.`);
  const { timeoutMs } = definition.limits;
  // Portico runs a graph itself, not in an isolate.
  if (artifact.graph) {
    const until = graphDeadline(asking.outlet.call.admittedAt + timeoutMs, timeoutMs, ctx.now());
    return callGraph(ctx, { facts: artifact.graph, params, endpointId: definition.id, until });
  }
  const bundle = makeBundle({ role: 'call', artifact, policy: definition.policy }, ctx.runtime.harnessVersion);
  const startedAt = ctx.now();
  const outcome = await ctx.runtime.invoke(
    bundle,
    { mode: 'pooled' },
    toParamsInvocation(
      ctx,
      bundle,
      { ...asking.outlet.call, definition },
      () => asking.outlet.for(bundle, asking.depth + 1),
      JSON.stringify(params),
    ),
    timeoutMs,
  );
  const answered = await toCalled(outcome, definition.limits);
  const { drain, report } = outcome;
  // Not before the body is read: the report ends the host of the code.
  if (drain) {
    const offsetMs = startedAt - asking.outlet.call.admittedAt;
    const late = drain().then((later) => asking.outlet.adds(toLateReport(path, report, later, offsetMs)));
    asking.outlet.awaits(late, ctx);
  }
  return answered;
}

/** Reads the endpoint again: a call may last for minutes, and a secret may have been deleted since. */
async function currentDefinition(ctx: Context, known: Definition): Promise<Definition> {
  const now = await ctx.cache.definitions.get(known.id, ctx.now(), ctx.defer);
  return now ?? known;
}
