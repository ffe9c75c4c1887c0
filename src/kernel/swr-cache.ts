import { isOutage } from './outage.rules';

/** Runs work that outlives the request, as waitUntil does. */
type Defer = (work: Promise<unknown>) => void;

interface Entry<V> {
  value: V | null;
  /** Start of the read of the value: the value is at least this new. */
  asOf: number;
  /** Time of the last failure of a read because the store was unavailable; undefined after a successful one. */
  failedAt?: number;
}
interface Loading<V> {
  work: Promise<V | null>;
  startedAt: number;
}

/** Milliseconds between two reads of a value while its store is unavailable. */
const RETRY_MS = 1000;
/** Milliseconds after which a read without an answer counts as failed. */
const LATE_MS = 2000;

export interface SwrCacheOptions<V> {
  /** Milliseconds for which a value may be used after its read began; 0 reads every time. */
  ttlMs: number;
  /** Milliseconds that a missing value may be used. */
  negativeTtlMs: number;
  /** Milliseconds for which a value, never a missing one, may be used after its read began while the store is unavailable; 0: as `ttlMs`. */
  staleMs: number;
  /** True: a read in the background replaces a value in the second half of its time. False: others do, by `filler`. */
  renews: boolean;
  /** Entries kept; the oldest go first. */
  max: number;
  /** Reads one value, from `now` on; `previous` is what the cache still has, however old. */
  load: (key: string, previous: V | null, now: number) => Promise<V | null>;
  /** Clock that dates failures, which no caller sees happen. */
  clock: () => number;
  /** Receives the error of a failed read whose value remains in use. */
  onOutage: (error: unknown) => void;
}

export interface SwrCache<V> {
  /** Returns the value, without a promise when the cache has it. null when it does not exist. */
  get: (key: string, now: number, defer: Defer) => V | null | Promise<V | null>;
  /** True when `get` returns without a promise. */
  has: (key: string, now: number) => boolean;
  /** Returns the age of a value that is used beyond `ttlMs` because its store is unavailable, in milliseconds; 0 for any other. */
  staleMs: (key: string, now: number) => number;
  /** Reads the value again, after `now`. Never returns one from before, as `get` may when the store is unavailable. */
  reload: (key: string, now: number, defer: Defer) => Promise<V | null>;
  /** Returns the value that the cache still has, however old. */
  peek: (key: string) => V | null;
  /** Returns how to store a value that another read, begun `now`, finds too. Stores nothing after an `invalidate` in between. */
  filler: (now: number) => (key: string, value: V) => void;
  invalidate: () => void;
}

/**
 * A stale-while-revalidate cache of one isolate. Returns nothing older than `ttlMs`. Entries older than half of it are served while one
 * background read refreshes them, so that a busy endpoint never waits. After a read that failed because the store is unavailable, values up
 * to `staleMs` old are served for another `ttlMs`, while background reads try again.
 */
export function createSwrCache<V>(options: SwrCacheOptions<V>): SwrCache<V> {
  const entries = new Map<string, Entry<V>>();
  /** Missing values, kept apart: requests for random names must not evict existing ones. */
  const absent = new Map<string, Entry<V>>();
  const loads = new Map<string, Loading<V>>();
  /** Grows with every `invalidate`: a read that began before it must not come back in. */
  let epoch = 0;

  const start = (key: string, now: number, defer: Defer): Promise<V | null> => {
    const begun = epoch;
    const work = options.load(key, entries.get(key)?.value ?? null, now).then((value) => {
      if (begun === epoch) remember(key, { value, asOf: now });
      return value;
    });
    const loading = { work, startedAt: now };
    loads.set(key, loading);
    const done = (): void => {
      if (loads.get(key) === loading) loads.delete(key);
    };
    const fail = (error: unknown): void => {
      done();
      if (begun === epoch && isOutage(error)) noteOutage(key, now, options.clock(), error);
    };
    // Kept alive beyond the request that began it: others may be waiting for the same read.
    defer(work.then(done, fail));
    return work;
  };

  /** A read that began before the entry's own has nothing to report about it. */
  const noteOutage = (key: string, startedAt: number, now: number, error: unknown): void => {
    const entry = entries.get(key);
    if (!entry || startedAt < entry.asOf || !isKept(entry, now)) return;
    entry.failedAt = now;
    options.onOutage(error);
  };

  const isKept = ({ asOf }: Entry<V>, now: number): boolean => now - asOf < options.staleMs;

  const find = (key: string): Entry<V> | undefined => entries.get(key) ?? absent.get(key);

  const remember = (key: string, entry: Entry<V>): void => {
    // A slow read that began earlier must not overwrite the result of a later one.
    if ((find(key)?.asOf ?? -Infinity) > entry.asOf) return;
    entries.delete(key);
    absent.delete(key);
    const map = entry.value === null ? absent : entries;
    map.set(key, entry);
    if (map.size > options.max) map.delete(map.keys().next().value!);
  };

  /** The read in progress, unless it is so old that the request that began it must have ended. */
  const underWay = (key: string, now: number): Promise<V | null> | null => {
    const loading = loads.get(key);
    return loading && now - loading.startedAt < options.ttlMs ? loading.work : null;
  };

  const serves = (entry: Entry<V>, now: number): boolean => {
    const age = now - entry.asOf;
    return entry.value === null ? age < options.negativeTtlMs && options.ttlMs > 0 : age < options.ttlMs;
  };

  /** Reads a value again while the one before is served, unless a read is under way or has just failed. */
  const renew = (key: string, { failedAt = -Infinity }: Entry<V>, now: number, defer: Defer): void => {
    if (underWay(key, now) || now - failedAt < RETRY_MS) return;
    // An outage is reported by `onOutage`, and any other error by the read of a later call, when the value has expired.
    start(key, now, defer).catch(() => undefined);
  };

  /** True for a value past its TTL of which a read has failed within the last `ttlMs`, or does not end. */
  const outlives = (key: string, entry: Entry<V>, now: number): boolean => {
    if (entry.value === null || !isKept(entry, now)) return false;
    if (entry.failedAt !== undefined && now - entry.failedAt < options.ttlMs) return true;
    const loading = loads.get(key);
    if (!loading || now - loading.startedAt < LATE_MS || !underWay(key, now)) return false;
    noteOutage(key, loading.startedAt, now, new Error('the store did not answer in time'));
    return entry.failedAt !== undefined;
  };

  /** Reads a value. When the store is unavailable, returns the one that is still there after the read, if it may be used. */
  const readOrKeep = (key: string, now: number, defer: Defer): Promise<V | null> =>
    (underWay(key, now) ?? start(key, now, defer)).catch((error: unknown) => {
      const entry = entries.get(key);
      if (entry && isOutage(error) && isKept(entry, options.clock())) return entry.value;
      throw error;
    });

  return {
    get: (key, now, defer) => {
      const entry = find(key);
      if (entry && serves(entry, now)) {
        if (options.renews && entry.value !== null && now - entry.asOf > options.ttlMs / 2)
          renew(key, entry, now, defer);
        return entry.value;
      }
      if (entry && outlives(key, entry, now)) {
        renew(key, entry, now, defer);
        return entry.value;
      }
      return readOrKeep(key, now, defer);
    },
    staleMs: (key, now) => {
      const entry = entries.get(key);
      return entry?.failedAt === undefined || serves(entry, now) ? 0 : now - entry.asOf;
    },
    has: (key, now) => {
      const entry = find(key);
      return entry !== undefined && (serves(entry, now) || outlives(key, entry, now));
    },
    reload: (key, now, defer) => start(key, now, defer),
    peek: (key) => entries.get(key)?.value ?? null,
    filler: (now) => {
      const begun = epoch;
      return (key, value) => {
        if (begun === epoch) remember(key, { value, asOf: now });
      };
    },
    invalidate: () => {
      epoch += 1;
      entries.clear();
      absent.clear();
      loads.clear();
    },
  };
}
