/** KV as the platform promises it and no better: answers of a colo are up to `staleMs` old, negative ones too. */
const STALE_MS = 60_000;

/** The store behind all colos, with the writes that were not lost. */
export interface CentralKv {
  values: Map<string, string>;
  /** The next write is lost, as when an isolate dies between two writes. */
  loseNext: boolean;
}

/**
 * One colo's view of the central store. A name that was read is answered from the colo's cache until `STALE_MS` are over; a write
 * reaches the central store and no cache. This stands in for the platform's edge cache, which a local KV does not have.
 */
export function staleKv(central: CentralKv, now: () => number): KVNamespace {
  const cache = new Map<string, { value: string | null; at: number }>();
  const write = (change: () => void): Promise<void> => {
    if (central.loseNext) {
      central.loseNext = false;
      return Promise.reject(new Error('the isolate died'));
    }
    change();
    return Promise.resolve();
  };
  const kv = {
    get: (name: string): Promise<unknown> => {
      const cached = cache.get(name);
      const fresh =
        cached && now() - cached.at < STALE_MS ? cached : { value: central.values.get(name) ?? null, at: now() };
      cache.set(name, fresh);
      return Promise.resolve(fresh.value === null ? null : (JSON.parse(fresh.value) as unknown));
    },
    put: (name: string, value: string) => write(() => central.values.set(name, value)),
    delete: (name: string) => write(() => central.values.delete(name)),
  };
  return kv as unknown as KVNamespace;
}
