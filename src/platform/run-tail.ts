import type { RunEntry, RunFilter, TailedRun } from '../core/runs/run-log';
import type { RunDay } from '../entrypoints/run-day.do';
import type { RunIndex } from '../entrypoints/run-index.do';
import { ApiError } from '../kernel/errors';
import { DAY_MS } from '../kernel/clock';
import { unpackArrival } from '../storage/run-log/arrival.rules';
import { unpackEntries } from '../storage/run-log/batch';
import { matches } from '../storage/run-log/filter.rules';
import { dayOf, toName } from '../storage/run-log/place.rules';

interface Objects {
  index: () => DurableObjectStub<RunIndex>;
  days: DurableObjectNamespace<RunDay>;
}

/**
 * Streams runs as they arrive, those that arrived since `after` first. Throws 429 `rate_limited` when this listener has 5 streams already.
 * The end of the stream closes its socket at the index, which sleeps while nothing arrives.
 */
export async function openTail(
  { index, days }: Objects,
  listener: string,
  filter: RunFilter,
  after: string | null,
  now: number,
): Promise<ReadableStream<TailedRun>> {
  const headers = { upgrade: 'websocket', 'x-listener': listener };
  const { webSocket: socket } = await index().fetch('https://run-index/', { headers });
  if (!socket) throw new ApiError('rate_limited', 'You have 5 live tails already. Close one, then try again.');
  socket.binaryType = 'arraybuffer';
  socket.accept();
  const since = readPosition(after);
  const missed = since === null ? [] : await arrivedSince({ index, days }, since, now);
  const known = new Set(missed.map(({ entry }) => entry.id));
  let isOpen = true;
  return new ReadableStream<TailedRun>({
    start: (controller) => {
      const send = (runs: TailedRun[]): void => {
        for (const run of runs) if (matches(run.entry, filter)) controller.enqueue(run);
      };
      send(missed);
      socket.addEventListener('message', ({ data }) => {
        if (!isOpen || !(data instanceof ArrayBuffer)) return;
        const { arrived, entries } = unpackArrival(data);
        send(toRuns(arrived, unpackEntries(entries)).filter(({ entry }) => !known.has(entry.id)));
      });
      socket.addEventListener('close', () => {
        if (isOpen) controller.close();
        isOpen = false;
      });
    },
    cancel: () => {
      isOpen = false;
      socket.close();
    },
  });
}

interface Arrived {
  at: number;
  id: string;
}

/** Parses the position of a run in a tail: the time of its arrival and its id. null for another text: then the tail begins now. */
function readPosition(after: string | null): Arrived | null {
  const match = /^([0-9]{1,15})\.(run_[0-9A-Za-z]{1,64})$/.exec(after ?? '');
  return match && { at: Number(match[1]), id: match[2]! };
}

const toRuns = (arrived: number, entries: readonly RunEntry[]): TailedRun[] =>
  entries.map((entry) => ({ position: `${arrived}.${entry.id}`, entry }));

/** Returns the runs that arrived after another one, in the order of their arrival: those of today and yesterday, as many as an object gives. */
async function arrivedSince({ index, days }: Objects, { at, id }: Arrived, now: number): Promise<TailedRun[]> {
  const places = await index().places(dayOf(now - DAY_MS), dayOf(now));
  const lists = await Promise.all(places.map((place) => days.getByName(toName(place)).arrivedSince(at)));
  const batches = lists.flat().toSorted((a, b) => a.arrived - b.arrived);
  return batches.flatMap(({ arrived, entries }) => {
    const runs = toRuns(arrived, unpackEntries(entries));
    return runs.slice(runs.findIndex(({ entry }) => entry.id === id) + 1);
  });
}
