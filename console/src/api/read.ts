import { MAX_READ_CHARS, MAX_READS } from '../../../src/core/batch/batch.rules';
import { readAnswers } from './batch.rules';

/*
 * Reads that begin at the same moment, such as those of the parts of a screen, are one request: POST /admin/batch answers each as soon as it
 * can, with a status of its own. A read alone is a plain GET.
 */

/** A response that has been received, or a part of one. */
export type Answered = Pick<Response, 'ok' | 'status' | 'headers' | 'json' | 'text'>;

interface ReadOptions {
  signal?: AbortSignal;
  /** 404 is usual: the browser does not log it, which it does for each plain GET. */
  mayBeMissing?: boolean;
}
interface Waiting extends ReadOptions {
  path: string;
  resolve: (answer: Answered) => void;
  reject: (reason: unknown) => void;
}

let waiting: Waiting[] = [];

/** Reads a path of the admin API, together with other reads that begin in the same task. Rejects when no answer comes. */
export const read = (path: string, options: ReadOptions): Promise<Answered> =>
  new Promise((resolve, reject) => {
    if (waiting.length === 0) setTimeout(sendWaiting);
    waiting.push({ ...options, path, resolve, reject });
  });

function sendWaiting(): void {
  const begun = waiting;
  waiting = [];
  const byPath = Map.groupBy(begun.filter(isWanted), ({ path }) => path);
  const paths = [...byPath.keys()];
  const long = paths.filter((path) => path.length > MAX_READ_CHARS);
  const short = paths.filter((path) => path.length <= MAX_READ_CHARS);
  const groups = long.map((path) => [path]);
  for (let at = 0; at < short.length; at += MAX_READS) groups.push(short.slice(at, at + MAX_READS));
  for (const group of groups) void readGroup(new Map(group.map((path) => [path, byPath.get(path)!])));
}

/** False for a read that was given up before it was sent, which then has ended. */
function isWanted({ signal, reject }: Waiting): boolean {
  if (signal?.aborted) reject(signal.reason);
  return !signal?.aborted;
}

/** Sends reads as one request, and settles each of them. */
async function readGroup(group: Map<string, Waiting[]>): Promise<void> {
  const open = new Set([...group.values()].flat());
  const request = new AbortController();
  for (const one of open)
    one.signal?.addEventListener('abort', () => {
      one.reject(one.signal!.reason);
      // The request goes on for the others.
      if (open.delete(one) && open.size === 0) request.abort();
    });
  const answer = (path: string, answered: Answered): void => {
    for (const one of group.get(path) ?? []) {
      open.delete(one);
      one.resolve(answered);
    }
  };
  try {
    await receive(
      [...group.keys()],
      [...open].some(({ mayBeMissing }) => mayBeMissing),
      request.signal,
      answer,
    );
    if (open.size > 0) throw new Error('The response ended before all answers.');
  } catch (error) {
    for (const one of open) one.reject(error);
  }
}

async function receive(
  paths: string[],
  mayBeMissing: boolean,
  signal: AbortSignal,
  answer: (path: string, answered: Answered) => void,
): Promise<void> {
  const isBatch = paths.length > 1 || mayBeMissing;
  const response = await (isBatch ? sendBatch(paths, signal) : sendAlone(paths[0]!, signal));
  const { ok, status, headers } = response;
  if (isBatch && ok) {
    await readAnswers(response.body!, (one) => answer(one.path, toAnswered(one.status, headers, one.body)));
    return;
  }
  // Several may wait for the same response, which can be read once.
  const text = await response.text();
  const shared: Answered = {
    ok,
    status,
    headers,
    text: async () => text,
    json: async () => JSON.parse(text) as unknown,
  };
  for (const path of paths) answer(path, shared);
}

const sendAlone = (path: string, signal: AbortSignal): Promise<Response> =>
  fetch(path, { headers: { accept: 'application/json' }, credentials: 'same-origin', signal });

const sendBatch = (paths: string[], signal: AbortSignal): Promise<Response> =>
  fetch('/admin/batch', {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    body: JSON.stringify({ paths }),
    credentials: 'same-origin',
    signal,
  });

const toAnswered = (status: number, headers: Headers, body: unknown): Answered => ({
  ok: status < 400,
  status,
  headers,
  json: async () => body,
  text: async () => JSON.stringify(body),
});
