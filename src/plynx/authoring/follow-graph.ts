import { actorLabel } from '../../core/access/permissions';
import { verb } from '../../core/access/verb';
import { ApiError, notFound } from '../../kernel/errors';
import type { GraphState } from './graph-editor.schema';
import { readState } from './get-edited-graph';

/** After this, the client connects again, with its credential. */
const LIFE_MS = 5 * 60_000;
const PAUSE_MS = 1000;
/** Between two comments, which show that a client is gone. */
const BEAT_MS = 20_000;
/** Streams that one person may open in five minutes: each reads the database once a second. */
const STREAMS = 60;

/** Streams the state of a graph as server-sent events, whenever it has changed, until its run has ended. Throws 404, 429. */
export const followGraph = verb(
  'graph.read',
  async (ctx, id: string): Promise<{ type: string; body: ReadableStream<Uint8Array> }> => {
    if ((await ctx.store.graphs.get(id)) === undefined) throw notFound('graph');
    const { allowed, retryAfterSeconds } = await ctx.limiter.take(`graphs ${actorLabel(ctx.actor)}`, STREAMS, 300);
    if (!allowed)
      throw new ApiError('rate_limited', `At most ${STREAMS} streams in five minutes.`, {
        headers: { 'retry-after': String(retryAfterSeconds) },
      });
    return { type: 'text/event-stream', body: toStateStream(() => readState(ctx, id)) };
  },
);

const UNENDED = ['READY', 'RUNNING', 'FAILED_WAITING'];

/** Renders states as server-sent events: `state` for each that differs from the one before, `end` after the last one. */
export function toStateStream(
  read: () => Promise<GraphState | null>,
  { lifeMs, pauseMs } = { lifeMs: LIFE_MS, pauseMs: PAUSE_MS },
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const until = Date.now() + lifeMs;
  let last = '';
  let saidAt = 0;
  let isOver = false;
  let wake = (): void => undefined;
  const pause = (): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, pauseMs);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const next = async (): Promise<string | null> => {
    if (last !== '') await pause();
    const state = isOver || Date.now() > until ? null : await read();
    if (state === null) return null;
    const text = JSON.stringify(state);
    if (text === last) return Date.now() - saidAt > BEAT_MS ? ':\n\n' : '';
    last = text;
    isOver = !UNENDED.includes(state.status);
    return `event: state\ndata: ${text}\n\n${isOver ? 'event: end\ndata: {}\n\n' : ''}`;
  };
  return new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(encoder.encode('retry: 1000\n\n')),
    pull: async (controller) => {
      for (;;) {
        const text = await next();
        if (text === null) return controller.close();
        if (text === '') continue;
        saidAt = Date.now();
        controller.enqueue(encoder.encode(text));
        if (isOver) controller.close();
        return;
      }
    },
    cancel: () => {
      isOver = true;
      wake();
    },
  });
}
