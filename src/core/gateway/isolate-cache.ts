import type { EndpointRow } from '../../storage/endpoints';
import type { KeyOwner } from '../../storage/key-cache';
import type { Store } from '../../storage/store';
import type { Runtime } from '../../runtime/types';
import { boundedMap, type BoundedMap } from '../../kernel/bounded-map';
import { createBrake, type Brake } from '../../kernel/brake';
import type { Settings } from '../access/settings';
import type { HeldLease } from '../../kernel/quota';
import { completeRules } from '../publishing/endpoints/apply-rules';
import type { EndpointRules } from '../publishing/endpoints/endpoint.schema';
import type { Definition } from './definition';
import type { Description } from './describe/description';
import type { HeldKeys } from '../identity/issuers/held-keys';
import type { HeldDiscovery } from '../identity/providers/discovered.schema';
import { createSeenKeys, type SeenKeys } from './seen-keys';
import { createLogger } from '../../kernel/logger';
import { createSwrCache, type SwrCache } from '../../kernel/swr-cache';
import { createRateLeases, type RateLeases } from './rate-leases';
import { loadDefinition, loadRoutes } from './load-definition';
import type { Router } from './router.rules';

/** Milliseconds for which "not found" and a refusal are cached. */
const NEGATIVE_TTL_MS = 2000;
/** Store reads per isolate that one network may cause in 10 s with unknown keys or paths, and descriptions that it may cause. */
const MISSES = 100;
const MISSES_MS = 10_000;
/** Keys of which the newest state is remembered. */
const SEEN_KEYS = 20_000;

const log = createLogger('gateway');

type ActiveEndpoint = EndpointRow & { rules: EndpointRules };
/** Endpoints in one description. */
const MAX_DESCRIBED = 1000;

/** The session or token that a bearer names, as stored in D1. */
interface BearerRow {
  id: string;
  name: string;
  roles: string[];
  expiresAt: number | null;
}

/**
 * The cache of one isolate. Never authoritative: definitions and bearers are at most `freshness` old, and key owners only identify a key.
 * While D1 is unavailable, definitions and bearers are at most `staleMs` old; one that was found to have ended never comes back.
 * Every write in this isolate calls `invalidate`, so that its author sees it at once.
 */
export interface IsolateCache {
  /** By the first segment of paths. */
  routes: SwrCache<Router>;
  /** By endpoint id. */
  definitions: SwrCache<Definition>;
  /** All active endpoints, under one key, for descriptions of them. */
  published: SwrCache<readonly ActiveEndpoint[]>;
  /** Descriptions for anonymous callers, by the value of `published` that they were written from. */
  descriptions: WeakMap<object, BoundedMap<Description>>;
  /** By `s:<session>` or `t:<token>`. */
  bearers: SwrCache<BearerRow>;
  /** Value of an accepted key -> its hash, which costs more than the rest of a warm check. */
  hashes: BoundedMap<string>;
  /** The same for values that were refused. Apart from those of keys, which guesses could otherwise push out. */
  refusedHashes: BoundedMap<string>;
  /** Hash of a key -> its owner. */
  keyOwners: BoundedMap<KeyOwner>;
  /** Keeps a revocation in force that any definition has shown. Kept when the rest is invalidated. */
  seenKeys: SeenKeys;
  /** Refusals checked against D1: when they expire, and whether the key is valid but not allowed here. */
  negativeKeys: BoundedMap<{ until: number; known: boolean }>;
  /** Public keys of issuers, by URL. Kept when the rest is invalidated: they are not of this service. */
  keySets: BoundedMap<HeldKeys>;
  /** Discovery documents of the issuers of identity providers. Kept likewise. */
  discovered: BoundedMap<HeldDiscovery>;
  /** Slows down networks that guess keys. */
  failedAttempts: Brake;
  /** Slows down networks that call unknown paths. */
  unknownPaths: Brake;
  /** Slows down networks that ask for descriptions which are not kept. */
  newDescriptions: Brake;
  /** Digests of correct passwords from HTTP Basic, with the time until which scrypt need not check them again. */
  passwords: BoundedMap<number>;
  /** Calls taken in advance from the quotas of keys, by key. Kept when the rest is invalidated: they are counted already. */
  leases: BoundedMap<HeldLease>;
  /** Calls taken in advance from the rate limits of endpoints, by subject. Kept when the rest is invalidated. */
  rateLeases: RateLeases;
  /** Leases that are being taken. */
  leasing: BoundedMap<Promise<HeldLease>>;
  invalidate: () => void;
}

export function createIsolateCache(
  store: Store,
  runtime: Pick<Runtime, 'harnessVersion'>,
  settings: Settings,
  clock: () => number = Date.now,
): IsolateCache {
  const seenKeys = createSeenKeys(SEEN_KEYS);
  const options = {
    ttlMs: settings.freshnessMs,
    negativeTtlMs: Math.min(NEGATIVE_TTL_MS, settings.freshnessMs),
    staleMs: settings.staleMs,
    max: 2000,
    clock,
    onOutage: (error: unknown) =>
      log.error('a store does not answer, and earlier definitions remain in use', {
        event: 'definition.stale',
        error,
      }),
  };
  const loader = { store, runtime, settings };
  const definitions: SwrCache<Definition> = createSwrCache({
    ...options,
    renews: true,
    load: async (id, previous, now) => {
      const current = await loadDefinition(loader, id, previous, now, routes.filler(now));
      seenKeys.note(previous, current, now);
      return current;
    },
  });
  const routes: SwrCache<Router> = createSwrCache({
    ...options,
    // They come with the definitions of the endpoints that are called.
    renews: false,
    load: (root, previous, now) => {
      const fillDefinition = definitions.filler(now);
      const fill = (id: string, current: Definition): void => {
        seenKeys.note(definitions.peek(id), current, now);
        fillDefinition(id, current);
      };
      return loadRoutes(loader, root, previous, now, { peek: definitions.peek, fill });
    },
  });
  const cache = {
    routes,
    definitions,
    seenKeys,
    published: createSwrCache<readonly ActiveEndpoint[]>({
      ...options,
      max: 1,
      renews: false,
      load: async () => (await store.endpoints.list({ active: 'true' }, null, MAX_DESCRIBED)).map(completeRules),
    }),
    bearers: createSwrCache<BearerRow>({
      ...options,
      renews: true,
      load: async (key) =>
        (await (key.startsWith('s:')
          ? store.tokens.bearerSession(key.slice(2))
          : store.tokens.bearerToken(key.slice(2)))) ?? null,
    }),
    hashes: boundedMap<string>(1000),
    refusedHashes: boundedMap<string>(200),
    keyOwners: boundedMap<KeyOwner>(5000),
    negativeKeys: boundedMap<{ until: number; known: boolean }>(5000),
    keySets: boundedMap<HeldKeys>(500),
    discovered: boundedMap<HeldDiscovery>(100),
    failedAttempts: createBrake(
      MISSES,
      MISSES_MS,
      'Too many invalid credentials from your network. Try again in 10 s.',
    ),
    unknownPaths: createBrake(
      MISSES,
      MISSES_MS,
      'Too many calls of unknown paths from your network. Try again in 10 s.',
    ),
    descriptions: new WeakMap<object, BoundedMap<Description>>(),
    newDescriptions: createBrake(
      MISSES,
      MISSES_MS,
      'Too many descriptions of endpoints for your network. Try again in 10 s.',
    ),
    passwords: boundedMap<number>(1000),
    leases: boundedMap<HeldLease>(5000),
    rateLeases: createRateLeases(),
    leasing: boundedMap<Promise<HeldLease>>(5000),
  };
  return {
    ...cache,
    invalidate: () => {
      cache.routes.invalidate();
      cache.definitions.invalidate();
      cache.published.invalidate();
      cache.bearers.invalidate();
      cache.hashes.clear();
      cache.refusedHashes.clear();
      cache.keyOwners.clear();
      cache.negativeKeys.clear();
    },
  };
}
