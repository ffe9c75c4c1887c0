import { createLogger } from '../kernel/logger';
import type { AnswerCache, CachedAnswer } from '../kernel/cached-answer';

const log = createLogger('answers');

/** The Cache API takes URLs. No request has this host. */
const PREFIX = 'https://answers.portico.invalid/';

/** Answers that an isolate stores in a minute: a caller who asks for ever other variants must not push out all else. */
const MAX_STORED_A_MINUTE = 1000;

type Head = Omit<CachedAnswer, 'body'>;

/**
 * Keeps answers in the Cache API of the data center. Status and headers are a first line of JSON in the stored body: the Cache API itself
 * would read meaning into them, such as `Vary` and ranges.
 */
export function createAnswerCache(storedAMinute = MAX_STORED_A_MINUTE): AnswerCache {
  let opening: Promise<Cache> | undefined;
  let [minute, stored] = [0, 0];
  const open = (): Promise<Cache> => (opening ??= caches.open('answers'));
  const orNull = async <T>(work: () => Promise<T>): Promise<T | null> => {
    try {
      return await work();
    } catch (error) {
      log.warn('the cache of answers does not respond', { event: 'answer.cache_failed', error });
      return null;
    }
  };
  return {
    get: (key) =>
      orNull(async () => {
        const stored = await (await open()).match(PREFIX + key);
        return stored ? unpack(new Uint8Array(await stored.arrayBuffer())) : null;
      }),
    put: async (key, answer) => {
      const current = Math.floor(answer.storedAt / 60_000);
      if (current !== minute) [minute, stored] = [current, 0];
      stored += 1;
      if (stored > storedAMinute) return;
      await orNull(async () => (await open()).put(PREFIX + key, pack(answer)));
    },
  };
}

function pack({ body, ...head }: CachedAnswer): Response {
  const line = new TextEncoder().encode(`${JSON.stringify(head satisfies Head)}\n`);
  const bytes = new Uint8Array(line.length + body.length);
  bytes.set(line);
  bytes.set(body, line.length);
  const seconds = Math.max(1, Math.ceil((head.expiresAt - head.storedAt) / 1000));
  return new Response(bytes, { headers: { 'cache-control': `max-age=${seconds}` } });
}

function unpack(bytes: Uint8Array<ArrayBuffer>): CachedAnswer {
  const end = bytes.indexOf(10);
  const head = JSON.parse(new TextDecoder().decode(bytes.subarray(0, end))) as Head;
  return { ...head, body: bytes.subarray(end + 1) };
}
