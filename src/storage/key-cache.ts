/** The owner of a key by its hash, as KV stores it under `key:<hash>`. Never whether the key is still valid: D1 is the authority. */
export interface KeyOwner {
  id: string;
  version: number;
}

const name = (hash: string): string => `key:${hash}`;

/**
 * KV as a directory of keys. Results may be a minute old, hits and misses alike, and a write may be lost in a crash: callers must not rely
 * on them (see core/gateway/identify-caller.ts). A value other than `{id, version}` counts as a miss.
 */
export const createKeyCache = (kv: KVNamespace) => ({
  get: async (hash: string): Promise<KeyOwner | null> => {
    const value: unknown = await kv.get(name(hash), 'json');
    return isKeyOwner(value) ? value : null;
  },
  put: (hash: string, owner: KeyOwner): Promise<void> => kv.put(name(hash), JSON.stringify(owner)),
  remove: (hash: string): Promise<void> => kv.delete(name(hash)),
});

const isKeyOwner = (value: unknown): value is KeyOwner =>
  typeof value === 'object' &&
  value !== null &&
  typeof (value as KeyOwner).id === 'string' &&
  Number.isInteger((value as KeyOwner).version);
