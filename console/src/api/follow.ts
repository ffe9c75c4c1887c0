import { readEvents } from './events.rules';
import { readProblem } from './problem';

/** Milliseconds for which events are collected: a busy service would redraw the screen with every one. */
const BATCH_MS = 250;
/** Milliseconds from the end of a stream, which may be an interruption, to the next one. */
const RETRY_MS = 1000;
/** Seconds to wait after a 429 that says no time. */
const WAIT_SECONDS = 5;

interface Follower<T> {
  /** Called when the stream is open, at first and after each interruption. */
  onOpen: () => void;
  onItems: (items: T[]) => void;
  /** The user has too many streams. The next attempt is made by itself. */
  onWait: (why: string) => void;
  /** The service refused the stream for good. */
  onEnd: () => void;
}

type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;

/** Follows a stream of server-sent events whose data is JSON, from the last event on after an interruption. Returns what stops it. */
export function follow<T>(address: string, event: string, follower: Follower<T>, sleep: Sleep = pause): () => void {
  const stopping = new AbortController();
  const { signal } = stopping;
  let items: T[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last: string | undefined;
  const flush = (): void => {
    timer = undefined;
    follower.onItems(items.splice(0));
  };
  /** Returns the milliseconds to the next attempt; null for none. */
  const attempt = async (): Promise<number | null> => {
    const response = await open(address, last, signal);
    if (response === null || signal.aborted) return RETRY_MS;
    if (response.status === 429) {
      const { message } = await readProblem(response);
      if (!signal.aborted) follower.onWait(message);
      return (Number(response.headers.get('retry-after')) || WAIT_SECONDS) * 1000;
    }
    if (!response.ok) return null;
    follower.onOpen();
    const ended = readEvents(response.body!, ({ id, event: name, data }) => {
      last = id ?? last;
      if (name !== event || signal.aborted) return;
      items.push(data as T);
      timer ??= setTimeout(flush, BATCH_MS);
    });
    // An interruption, and a stop: the loop tells them apart.
    await ended.catch(() => undefined);
    return RETRY_MS;
  };
  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      const ms = await attempt();
      if (ms === null) return follower.onEnd();
      if (!signal.aborted) await sleep(ms, signal);
    }
  };
  void run();
  return () => {
    clearTimeout(timer);
    items = [];
    stopping.abort();
  };
}

/** Resolves to null when the service cannot be reached. */
const open = (address: string, last: string | undefined, signal: AbortSignal): Promise<Response | null> =>
  fetch(address, {
    headers: { accept: 'text/event-stream', ...(last !== undefined && { 'last-event-id': last }) },
    credentials: 'same-origin',
    cache: 'no-store',
    signal,
  }).catch(() => null);

const pause: Sleep = (ms, signal) =>
  new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
  });
