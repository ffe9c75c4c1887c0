import type { Context } from '../../access/context';
import { RESERVE_MS, runPublished, type WantedRun } from '../../../plynx/publish/run-published';
import type { CalledHandler } from './called-answer';

/**
 * Performs a `call` step whose handler is a published graph: a graph run of its own as the endpoint's executor, awaited while the call has
 * time. A run that is not done by then is a 504 and continues; one that answers at once (`"answer": "run"`) is a 202. Throws 403 without
 * the permission to create graphs.
 */
export async function callGraph(ctx: Context, wanted: WantedRun): Promise<CalledHandler> {
  const run = await runPublished(ctx, wanted);
  const failed = (status: number, code: string, why: string, more: object = {}): CalledHandler => ({
    status,
    body: { code, ...more },
    logs: [['error', why]],
  });
  switch (run.kind) {
    case 'ended': {
      const { graph, status } = run.answer;
      if (status === 'SUCCESS') return { status: 200, body: run.answer, logs: [] };
      if (status === 'CANCELED')
        return failed(410, 'run_canceled', `the run of graph ${graph} was canceled`, { graph });
      return failed(500, 'handler_error', `the run of graph ${graph} ended as ${status}`, { graph });
    }
    case 'going': {
      const { graph } = run;
      if (wanted.facts.answer === 'run') return { status: 202, body: { graph, status: 'RUNNING' }, logs: [] };
      return failed(504, 'handler_timeout', `the run of graph ${graph} continues beyond the time of this call`, {
        graph,
      });
    }
    case 'invalid':
      return failed(422, 'invalid_parameters', run.issues.map(({ name, message }) => `${name}: ${message}`).join('; '));
    case 'gone':
      return failed(500, 'handler_error', 'the published graph has been deleted');
  }
}

/** Longest time that work after a response may wait for a graph. */
const AFTER_MS = 60_000;

/** Returns the deadline for a graph: the end of the call's time, or in work after the response as long again. */
export function graphDeadline(end: number, timeoutMs: number, now: number): number {
  return (now < end ? end : Math.min(now + timeoutMs, end + AFTER_MS)) - RESERVE_MS;
}
