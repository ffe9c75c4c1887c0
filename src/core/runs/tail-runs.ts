import type { Context } from '../access/context';
import { verb } from '../access/verb';
import { toConditions } from './endpoint-filter';
import { idsOf, named, toSummary } from './get-run';
import type { TailedRun } from './run-log';
import type { RunSummary, TailRunsQuery } from './run.schema';

/** After this, the client connects again, with its credential, and continues after the last event. */
const LIFE_MS = 5 * 60_000;
/** Between two comments. The second that a closed connection gets ends its tail, which a console needs that opens one after each change of its filter. */
const BEAT_MS = 2000;
/** Reads of names in one tail, of the 1,000 queries that an invocation has; later runs with other callers have ids alone. */
const MAX_NAME_READS = 500;

/** Streams runs as server-sent events, as they are stored: those after `lastEventId` first. */
export const tailRuns = verb(
  'run.read',
  async (
    ctx,
    query: TailRunsQuery,
    lastEventId: string | null,
  ): Promise<{ type: string; body: ReadableStream<Uint8Array> }> => {
    const runs = await ctx.runLog.tail(listenerOf(ctx), await toConditions(ctx, query), lastEventId);
    return { type: 'text/event-stream', body: toEventStream(runs, namesOf(ctx)) };
  },
);

/** Tails are counted by person or token. */
const listenerOf = ({ actor }: Context): string => ('id' in actor ? actor.id : actor.kind);

type NameRun = (run: RunSummary) => RunSummary | Promise<RunSummary>;

/** Returns a function that adds names to runs. It reads each name once: a tail lasts for minutes. */
function namesOf({ store }: Context): NameRun {
  const names = new Map<string, string | undefined>();
  let reads = 0;
  return async (run) => {
    const missing = idsOf(run).filter((id) => !names.has(id));
    if (missing.length > 0 && reads < MAX_NAME_READS) {
      reads++;
      const found = await store.callerNames(missing);
      for (const id of missing) names.set(id, found.get(id));
    }
    return named(run, (id) => names.get(id));
  };
}

/** Renders runs as server-sent events for `lifeMs`, with a comment every `beatMs`. */
export function toEventStream(
  runs: ReadableStream<TailedRun>,
  name: NameRun,
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
      const next = await readNext(reader, name);
      if (next !== null) return controller.enqueue(encoder.encode(next));
      await stop();
      controller.close();
    },
    cancel: stop,
  });
}

/** Returns the next event; null when there are no more, or when their source fails: the client connects again. */
async function readNext(reader: ReadableStreamDefaultReader<TailedRun>, name: NameRun): Promise<string | null> {
  try {
    const { done, value } = await reader.read();
    return done ? null : toEvent(value.position, await name(toSummary(value.entry)));
  } catch {
    return null;
  }
}

const toEvent = (position: string, run: RunSummary): string =>
  `id: ${position}\nevent: run\ndata: ${JSON.stringify(run)}\n\n`;
