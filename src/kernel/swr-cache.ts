/** Runs work that outlives the request, as waitUntil does. */
type Defer = (work: Promise<unknown>) => void;

interface Entry<V> {
  value: V | null;
  /** Start of the read of the value: the value is at least this new. */
  asOf: number;
}
interface Loading<V> {
  work: Promise<V | null>;
  startedAt: number;
}

export interface SwrCacheOptions<V> {
  /** Milliseconds for which a value may be used after its read began; 0 reads every time. */
  ttlMs: number;
  /** Milliseconds that a missing value may be used. */
  negativeTtlMs: number;
  /** True: a read in the background replaces a value in the second half of its time. False: others do, by `filler`. */
  renews: boolean;
  /** Entries kept; the oldest go first. */
  max: number;
  /** Reads one value, from `now` on; `previous` is what the cache still has, however old. */
  load: (key: string, previous: V | null, now: number) => Promise<V | null>;
}

export interface SwrCache<V> {
  /** Returns the value, without a promise when the cache has it. null when it does not exist. */
  get: (key: string, now: number, defer: Defer) => V | null | Promise<V | null>;
  /** True when `get` returns without a promise. */
  has: (key: string, now: number) => boolean;
  /** Reads the value again, after `now`. */
  reload: (key: string, now: number, defer: Defer) => Promise<V | null>;
  /** Returns the value that the cache still has, however old. */
  peek: (key: string) => V | null;
  /** Returns how to store a value that another read, begun `now`, finds too. Stores nothing after an `invalidate` in between. */
  filler: (now: number) => (key: string, value: V) => void;
  invalidate: () => void;
}

/**
 * A stale-while-revalidate cache of one isolate. Returns nothing older than `ttlMs`. Entries older than half of it are served while one
 * background read refreshes them, so that a busy endpoint never waits.
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
    // Kept alive beyond the request that began it: others may be waiting for the same read.
    defer(work.then(done, done));
    return work;
  };

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

  return {
    get: (key, now, defer) => {
      const entry = find(key);
      if (entry && serves(entry, now)) {
        if (options.renews && entry.value !== null && now - entry.asOf > options.ttlMs / 2 && !underWay(key, now))
          // If it fails, the value serves until its TTL ends, and the read of a later call reports the error.
          start(key, now, defer).catch(() => undefined);
        return entry.value;
      }
      return underWay(key, now) ?? start(key, now, defer);
    },
    has: (key, now) => {
      const entry = find(key);
      return entry !== undefined && serves(entry, now);
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
