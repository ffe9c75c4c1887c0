import type { Context } from '../access/context';
import { verb } from '../access/verb';
import { toConditions } from './endpoint-filter';
import { toSummary } from './get-run';
import type { TailedRun } from './run-log';
import type { TailRunsQuery } from './run.schema';

/** After this, the client connects again, with its credential, and continues after the last event. */
const LIFE_MS = 5 * 60_000;
/** Between two comments, which show that a client is gone. */
const BEAT_MS = 20_000;

/** Streams runs as server-sent events, as they are stored: those after `lastEventId` first. */
export const tailRuns = verb(
  'run.read',
  async (
    ctx,
    query: TailRunsQuery,
    lastEventId: string | null,
  ): Promise<{ type: string; body: ReadableStream<Uint8Array> }> => {
    const runs = await ctx.runLog.tail(listenerOf(ctx), await toConditions(ctx, query), lastEventId);
    return { type: 'text/event-stream', body: toEventStream(runs) };
  },
);

/** Tails are counted by person or token. */
const listenerOf = ({ actor }: Context): string => ('id' in actor ? actor.id : actor.kind);

/** Renders runs as server-sent events for `lifeMs`, with a comment every `beatMs`. */
export function toEventStream(
  runs: ReadableStream<TailedRun>,
  lifeMs: number = LIFE_MS,
  beatMs: number = BEAT_MS,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const reader = runs.getReader();
  let timers: ReturnType<typeof setTimeout>[] = [];
  const stop = async (): Promise<void> => {
    for (const timer of timers) clearTimeout(timer);
    timers = [];
    // Of a source that failed there is nothing to release.
    await reader.cancel().catch(() => undefined);
  };
  return new ReadableStream<Uint8Array>({
    start: (controller) => {
      controller.enqueue(encoder.encode('retry: 1000\n\n'));
      timers = [
        setInterval(() => controller.enqueue(encoder.encode(':\n\n')), beatMs),
        // Ends the reader, and with it this stream.
        setTimeout(() => void stop(), lifeMs),
      ];
    },
    pull: async (controller) => {
      const next = await readNext(reader);
      if (next !== null) return controller.enqueue(encoder.encode(toEvent(next)));
      await stop();
      controller.close();
    },
    cancel: stop,
  });
}

/** Returns the next run; null when there are no more, or when their source fails: the client connects again. */
async function readNext(reader: ReadableStreamDefaultReader<TailedRun>): Promise<TailedRun | null> {
  try {
    const { done, value } = await reader.read();
    return done ? null : value;
  } catch {
    return null;
  }
}

const toEvent = ({ position, entry }: TailedRun): string =>
  `id: ${position}\nevent: run\ndata: ${JSON.stringify(toSummary(entry))}\n\n`;
