/** An answer in the cache. Times in Unix milliseconds. */
export interface CachedAnswer {
  status: number;
  headers: [name: string, value: string][];
  body: Uint8Array<ArrayBuffer>;
  storedAt: number;
  expiresAt: number;
}

/** Bytes of an answer that may be cached. */
export const MAX_CACHED_BYTES = 1_048_576;

/** Answers by key, near the caller, until they expire or the platform needs the room. Never rejects: without a cache, handlers run. */
export interface AnswerCache {
  get: (key: string) => Promise<CachedAnswer | null>;
  put: (key: string, answer: CachedAnswer) => Promise<void>;
}
