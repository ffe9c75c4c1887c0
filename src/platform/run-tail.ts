import type { RunEntry, RunFilter, TailedRun } from '../core/runs/run-log';
import type { RunDay } from '../entrypoints/run-day.do';
import type { RunIndex } from '../entrypoints/run-index.do';
import { ApiError } from '../kernel/errors';
import { unpackArrival } from '../storage/run-log/arrival.rules';
import { unpackEntries } from '../storage/run-log/batch';
import { matches } from '../storage/run-log/filter.rules';
import { toName } from '../storage/run-log/place.rules';

interface Objects {
  index: () => DurableObjectStub<RunIndex>;
  days: DurableObjectNamespace<RunDay>;
}

/** Runs that wait for a client that reads slowly. With more, its stream ends: it comes back and continues after its last event. */
const MAX_WAITING = 1000;

/**
 * Streams runs as they arrive, those that arrived since `after` first. Throws 429 `rate_limited` when this listener has 5 streams already.
 * The end of the stream closes its socket at the index, which sleeps while nothing arrives.
 */
export async function openTail(
  { index, days }: Objects,
  listener: string,
  filter: RunFilter,
  after: string | null,
): Promise<ReadableStream<TailedRun>> {
  const headers = { upgrade: 'websocket', 'x-listener': listener };
  const { webSocket: socket } = await index().fetch('https://run-index/', { headers });
  if (!socket)
    throw new ApiError('rate_limited', 'You have 5 live tails already. Close one, then try again.', {
      headers: { 'retry-after': '5' },
    });
  const begin = listen(socket);
  const since = readPosition(after);
  const missed = since === null ? [] : await arrivedSince({ index, days }, since).catch(closing(socket));
  const known = new Set(missed.map(({ entry }) => entry.id));
  return toStream(socket, (send) => {
    const sendMatching = (runs: TailedRun[]): void => send(runs.filter(({ entry }) => matches(entry, filter)));
    sendMatching(missed);
    begin((runs) => sendMatching(runs.filter(({ entry }) => !known.has(entry.id))));
  });
}

const closing = (socket: WebSocket) => (error: unknown) => {
  socket.close();
  throw error;
};

type Receive = (runs: TailedRun[]) => void;

/** Opens a socket. Keeps what arrives until the returned function gets the receiver of all runs. */
function listen(socket: WebSocket): (receive: Receive) => void {
  const early: TailedRun[] = [];
  let receive: Receive = (runs) => void early.push(...runs);
  socket.binaryType = 'arraybuffer';
  socket.addEventListener('message', ({ data }) => {
    if (!(data instanceof ArrayBuffer)) return;
    const { arrived, entries } = unpackArrival(data);
    receive(toRuns(arrived, unpackEntries(entries)));
  });
  socket.accept();
  return (next) => {
    receive = next;
    next(early);
  };
}

/** Returns a stream that ends with its socket, or when too many runs wait to be read. */
function toStream(socket: WebSocket, begin: (send: Receive) => void): ReadableStream<TailedRun> {
  let isOpen = true;
  return new ReadableStream<TailedRun>({
    start: (controller) => {
      const end = (): void => {
        if (isOpen) controller.close();
        isOpen = false;
      };
      socket.addEventListener('close', end);
      begin((runs) => {
        if (!isOpen) return;
        for (const run of runs) controller.enqueue(run);
        if ((controller.desiredSize ?? 0) >= -MAX_WAITING) return;
        end();
        socket.close();
      });
      if (socket.readyState !== WebSocket.OPEN) end();
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

/** Returns the runs that arrived after another one, in the order of their arrival: as many as an object gives. */
async function arrivedSince({ index, days }: Objects, { at, id }: Arrived): Promise<TailedRun[]> {
  const places = await index().openPlaces();
  const lists = await Promise.all(places.map((place) => days.getByName(toName(place)).arrivedSince(at)));
  const runs = lists.flatMap((batches) =>
    after(
      id,
      batches.flatMap(({ arrived, entries }) =>
        toRuns(arrived, unpackEntries(entries)).map((run) => ({ arrived, run })),
      ),
    ),
  );
  return runs.toSorted((a, b) => a.arrived - b.arrived).map(({ run }) => run);
}

/** Returns the runs of one object after the one with this id; all when it has none. Several batches may have arrived at the same time. */
const after = <T extends { run: TailedRun }>(id: string, runs: T[]): T[] =>
  runs.slice(runs.findIndex(({ run }) => run.entry.id === id) + 1);
