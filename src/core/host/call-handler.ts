import * as z from 'zod';
import type { Bundle, Invocation, LogLine, Outcome } from '../../runtime/types';
import type { Context } from '../context';
import { codeOf, makeBundle } from '../dispatch/bundle';
import type { Definition } from '../dispatch/definition';
import { expectReady } from '../dispatch/expect-ready';
import { Fault } from '../errors';
import { parseForJavaScript } from '../long-integers';
import { invalidInput, toOffences } from '../offences';
import { callGraph, graphDeadline } from './call-graph';
import type { Asking } from './outlet';

const Wish = z.strictObject({
  handler: z.string().min(1).max(512),
  params: z.record(z.string(), z.unknown()),
});

/** Calls that may stand within each other: with the first handler, four isolates at once, which is what the platform allows. */
const MAX_DEPTH = 3;

/** What a step that called a handler gets: its answer, and what it wrote to its log. */
export interface CalledHandler {
  status: number;
  body: unknown;
  logs: [LogLine[1], string][];
}

/**
 * The `call` step of a workflow: runs the served version of another handler for the same caller, with the executor, secrets, egress and
 * limits of the endpoint that is being called. It answers like an endpoint would, so a failure is a status and not a fault. 403 for what
 * no step of the workflow calls, 404 `not_found`, 508 `loop_detected`.
 */
export async function callHandler(ctx: Context, args: unknown, asking: Asking): Promise<CalledHandler> {
  const wish = Wish.safeParse(args);
  if (!wish.success) throw invalidInput(toOffences(wish.error));
  const { handler: path, params } = wish.data;
  if (!asking.bundle.artifact.workflow?.calls.includes(path))
    throw new Fault('forbidden', `Only a step of a workflow that names ${path} may call it.`);
  if (asking.depth > MAX_DEPTH)
    throw new Fault('loop_detected', `This call is more than ${MAX_DEPTH} handlers deep. Do they call each other?`);
  const definition = await currentDefinition(ctx, asking.outlet.call.definition);
  expectReady(definition);
  const handler = await ctx.store.handlers.byPath(path);
  const version = handler?.defaultVersion ?? null;
  const row = handler && version !== null ? await ctx.store.handlers.version(handler.id, version) : undefined;
  if (!handler || version === null || !row)
    throw new Fault('not_found', `There is no handler ${path} that is deployed.`);
  const { artifact } = row;
  if (artifact.workflow?.kind === 'middleware')
    throw new Fault('not_found', `${path} is a middleware: attach it to an endpoint.`);
  const { timeoutMs } = definition.limits;
  // Portico runs a graph itself, not in an isolate.
  if (artifact.graph) {
    const until = graphDeadline(asking.outlet.call.admittedAt + timeoutMs, timeoutMs, ctx.now());
    return callGraph(ctx, { facts: artifact.graph, params, endpointId: definition.id, until });
  }
  const code = codeOf(handler.id, version);
  const bundle = makeBundle({ role: 'call', code, artifact, policy: definition.policy }, ctx.runtime.harnessVersion);
  const outcome = await ctx.runtime.invoke(
    bundle,
    { mode: 'pooled' },
    toInvocation(ctx, bundle, definition, asking, params),
    timeoutMs,
  );
  if (outcome.settle) ctx.defer(outcome.settle());
  return toAnswer(outcome);
}

/** The endpoint as it is by now: a call may go on for minutes, and a secret may have gone meanwhile. */
async function currentDefinition(ctx: Context, known: Definition): Promise<Definition> {
  const now = await ctx.memory.definitions.get(known.path, ctx.now(), ctx.defer);
  return now?.id === known.id ? now : known;
}

function toInvocation(
  ctx: Context,
  bundle: Bundle,
  definition: Definition,
  { outlet, depth }: Asking,
  params: object,
): Invocation {
  const { runId, caller } = outlet.call;
  const { artifact } = bundle;
  const { steps, rounds } = definition.limits;
  const meta = {
    run: runId,
    form: artifact.form,
    params,
    caller,
    executor: JSON.parse(definition.executorJson) as unknown,
    endpoint: { path: definition.path, url: `${ctx.origin}/u/${definition.path}` },
    ...(definition.env.size === 0 ? {} : { env: Object.fromEntries(definition.env) }),
    ...(artifact.workflow
      ? { workflow: { requestId: ctx.requestId, sent: { value: params }, limits: { steps, rounds } } }
      : {}),
    request: { method: 'POST', url: `${ctx.origin}/`, headers: [['content-type', 'application/json']] },
  };
  const body =
    artifact.form === 'request' ? new TextEncoder().encode(JSON.stringify(params)).slice().buffer : undefined;
  return { run: runId, meta: JSON.stringify(meta), body, host: outlet.for(bundle, depth + 1) };
}

/** What went wrong in it is in its log lines, so in the run of the call; the step itself learns no more than a caller would. */
async function toAnswer(outcome: Outcome): Promise<CalledHandler> {
  const logs = outcome.report.logs.map(([, level, text]): [LogLine[1], string] => [level, text]);
  const failed = (status: number, code: string, why: string): CalledHandler => ({
    status,
    body: { code },
    logs: [...logs, ['error', why]],
  });
  switch (outcome.type) {
    case 'text':
      return {
        status: outcome.status ?? (outcome.kind === 'none' ? 204 : 200),
        body: readBody(outcome.kind, outcome.body),
        logs,
      };
    case 'response': {
      const text = decodeUtf8(await outcome.response.arrayBuffer());
      if (text === null) return failed(502, 'handler_bad_response', 'answered bytes that are no text in UTF-8');
      const isJson = /[/+]json\b/i.test(outcome.response.headers.get('content-type') ?? '');
      return { status: outcome.response.status, body: readBody(isJson ? 'json' : 'text', text), logs };
    }
    case 'failed': {
      const { name, message, step } = outcome.error;
      return failed(500, 'handler_error', `${name}: ${message}${step === undefined ? '' : ` (step ${step})`}`);
    }
    case 'invalid':
      return failed(
        422,
        'invalid_parameters',
        outcome.errors.map(({ pointer, message }) => `${pointer} ${message}`).join('; '),
      );
    case 'bad':
      return failed(502, 'handler_bad_response', outcome.reason);
    case 'timeout':
      return failed(504, 'handler_timeout', 'did not answer in time');
    case 'replaced':
      return failed(503, 'instance_replaced', 'was replaced during the call');
  }
}

function decodeUtf8(bytes: ArrayBuffer): string | null {
  try {
    return UTF8.decode(bytes);
  } catch {
    return null;
  }
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });

function readBody(kind: 'json' | 'text' | 'none', text: string): unknown {
  if (kind === 'none') return null;
  if (kind === 'text') return text;
  try {
    return parseForJavaScript(text);
  } catch {
    return text;
  }
}
