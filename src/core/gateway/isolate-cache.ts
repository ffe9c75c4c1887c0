import type { KeyOwner } from '../../storage/key-cache';
import type { Store } from '../../storage/store';
import type { Runtime } from '../../runtime/types';
import { boundedMap, type BoundedMap } from '../../kernel/bounded-map';
import { createBrake, type Brake } from '../../kernel/brake';
import type { Settings } from '../access/settings';
import type { Definition } from './definition';
import { createSwrCache, type SwrCache } from '../../kernel/swr-cache';
import { loadDefinition } from './load-definition';

/** Milliseconds that "there is none" and a refusal are remembered. */
const NEGATIVE_TTL_MS = 2000;
/** Store reads in ten seconds, per isolate, that one network may cause with keys or paths that do not exist. */
const MISSES = 100;
const MISSES_MS = 10_000;

/** Who a bearer token speaks for, as D1 has it. */
interface BearerRow {
  id: string;
  name: string;
  roles: string[];
  expiresAt: number | null;
}

/**
 * What one isolate remembers between calls. None of it is an authority: definitions and bearers are at most `freshness` old, key owners
 * say only whose a key is. `invalidate` is called after every write in this isolate, so that whoever made it sees it at once.
 */
export interface IsolateCache {
  /** By endpoint path. */
  definitions: SwrCache<Definition>;
  /** By `s:<session>` or `t:<token>`. */
  bearers: SwrCache<BearerRow>;
  /** Value of a key that was let in -> its hash, which costs more than all the rest of a warm check. */
  hashes: BoundedMap<string>;
  /** Hash of a key -> whose it is. */
  keyOwners: BoundedMap<KeyOwner>;
  /** Refusals that were checked against D1 a moment ago: until when they stand, and whether the key was good for something else. */
  negativeKeys: BoundedMap<{ until: number; known: boolean }>;
  /** Slows down networks that guess keys. */
  failedAttempts: Brake;
  /** Slows down networks that ask for paths at which there is nothing. */
  unknownPaths: Brake;
  /** Passwords that HTTP Basic gave and that were right, as digests: until when they need not be checked by scrypt again. */
  passwords: BoundedMap<number>;
  invalidate: () => void;
}

export function createIsolateCache(
  store: Store,
  runtime: Pick<Runtime, 'harnessVersion'>,
  settings: Settings,
): IsolateCache {
  const options = {
    ttlMs: settings.freshnessMs,
    negativeTtlMs: Math.min(NEGATIVE_TTL_MS, settings.freshnessMs),
    max: 2000,
  };
  const cache = {
    definitions: createSwrCache<Definition>({
      ...options,
      load: (path, previous) => loadDefinition({ store, runtime, settings }, path, previous),
    }),
    bearers: createSwrCache<BearerRow>({
      ...options,
      load: async (key) =>
        (await (key.startsWith('s:')
          ? store.tokens.bearerSession(key.slice(2))
          : store.tokens.bearerToken(key.slice(2)))) ?? null,
    }),
    hashes: boundedMap<string>(1000),
    keyOwners: boundedMap<KeyOwner>(5000),
    negativeKeys: boundedMap<{ until: number; known: boolean }>(5000),
    failedAttempts: createBrake(
      MISSES,
      MISSES_MS,
      'Too many API keys that are not valid came from your network. Wait a moment.',
    ),
    unknownPaths: createBrake(
      MISSES,
      MISSES_MS,
      'Too many calls of paths without an endpoint came from your network. Wait a moment.',
    ),
    passwords: boundedMap<number>(1000),
  };
  return {
    ...cache,
    invalidate: () => {
      cache.definitions.invalidate();
      cache.bearers.invalidate();
      cache.hashes.clear();
      cache.keyOwners.clear();
      cache.negativeKeys.clear();
    },
  };
}
