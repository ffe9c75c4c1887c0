import type { Context } from '../../access/context';
import { ApiError } from '../../../kernel/errors';
import { isSafeMethod } from '../../../kernel/http-methods';
import { toIso } from '../../../kernel/clock';
import type { Schedule } from '../../publishing/endpoints/schedule.schema';
import type { RenderError } from '../call';
import { assertReady, type Definition } from '../definition';
import { refuse } from '../dispatch';
import { fillRequest, type MadeCall } from '../fill-request';
import { openCall } from '../open-call';
import { performCall } from '../perform-call';
import { readParameters } from '../read-parameters';

/** The time for which a run is due, how many before it were missed, and which attempt it is, from 1. */
export interface Due {
  due: number;
  missed: number;
  attempt: number;
}

/** The answer of a schedule is read by its run only. */
const renderError: RenderError = ({ code, message: detail }) => {
  const text = JSON.stringify({ code, detail });
  return { response: new Response(text, { status: 503 }), text };
};

/**
 * Runs an endpoint by one of its schedules, as its executor: without the rules for callers, with those for parameters. `refusal` leaves a
 * `rejected` run instead. Resolves when the run has ended, to its id and status; `isFailed`: the handler has run, with a status of 500 or
 * more or a response that is cut.
 */
export async function runSchedule(
  ctx: Context,
  definition: Definition,
  { name, parameters }: Schedule,
  { due, missed, attempt }: Due,
  refusal: ApiError | null,
): Promise<{ runId: string; status: number; isFailed: boolean }> {
  const method = [...definition.methods].find((each) => !isSafeMethod(each)) ?? [...definition.methods][0]!;
  const request = {
    method,
    path: `/u/${definition.path}`,
    query: '',
    headers: new Headers(),
    origin: ctx.origin,
  };
  const call: MadeCall = openCall(definition, 'schedule', request, '', ctx.now());
  call.caller = { kind: 'schedule', id: name, name, roles: [], due: toIso(due), missed };
  if (attempt > 1) call.caller.attempt = attempt;
  const { response, hasRun } = await answer(ctx, call, parameters, refusal);
  // The run records a response that is cut.
  const isCut = await response.body?.pipeTo(new WritableStream()).then(
    () => false,
    () => true,
  );
  return { runId: call.runId, status: response.status, isFailed: hasRun && (isCut === true || response.status >= 500) };
}

async function answer(
  ctx: Context,
  call: MadeCall,
  parameters: Schedule['parameters'],
  refusal: ApiError | null,
): Promise<{ response: Response; hasRun: boolean }> {
  const { definition } = call;
  try {
    if (refusal) throw refusal;
    if (!definition.active) throw new ApiError('schedule_skipped', 'The run was skipped: the endpoint is not active.');
    await fillRequest(call, definition, parameters, () => null);
    readParameters(call);
    assertReady(definition);
  } catch (error) {
    if (error instanceof ApiError) return { response: refuse(ctx, call, error, renderError), hasRun: false };
    throw error;
  }
  return { response: await performCall(ctx, call, renderError), hasRun: true };
}
