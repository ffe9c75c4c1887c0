import { createLocalJWKSet, type JSONWebKeySet } from 'jose';
import type { FindKey, HeldKeys, KeySet } from './held-keys';
import { fetchJson } from '../../egress/own-request';
import type { Context } from '../../access/context';
import { unavailable } from '../../../kernel/errors';
import { isObject } from '../../../kernel/json.rules';
import { createLogger } from '../../../kernel/logger';

/** Age after which keys are read again while they are used. */
const FRESH_MS = 600_000;
/** Age to which keys are used while they cannot be read. A key that an issuer withdraws can work for so long. */
const STALE_MS = 86_400_000;
/** Least time between two attempts of an isolate: tokens with unknown key ids must not make it ask more often. */
const BETWEEN_MS = 10_000;
const MAX_KEYS = 100;

const log = createLogger('gateway');

/**
 * Returns the keys at a URL. Keys of up to 10 minutes are returned at once, and older ones while they are read again. `renew` asks for newer
 * ones than those in memory; null: there are none yet. Throws 503 when there are no keys at all.
 */
export async function keysAt(ctx: Context, url: string, renew: boolean): Promise<FindKey | null> {
  const now = ctx.now();
  const held = ctx.cache.keySets.get(url);
  const mayTry = held === undefined || now - held.triedAt >= BETWEEN_MS;
  if (held?.keys && now - held.keys.readAt < STALE_MS && !renew) {
    if (now - held.keys.readAt >= FRESH_MS && mayTry) void readKeys(ctx, url, held, now);
    return held.keys.find;
  }
  if (mayTry) return (await readKeys(ctx, url, held, now)).find;
  if (held.reading) return (await held.reading).find;
  if (renew && held.keys) return null;
  throw noKeys();
}

const noKeys = () => unavailable('The keys of the issuer of this token cannot be read.', BETWEEN_MS / 1000);

/** Reads the keys once for all calls that wait for them. */
function readKeys(ctx: Context, url: string, held: HeldKeys | undefined, now: number): Promise<KeySet> {
  const hold = (keys: KeySet | null, reading: HeldKeys['reading']): void =>
    void ctx.cache.keySets.set(url, { keys, triedAt: now, reading });
  const work = fetchKeys(ctx, new URL(url))
    .then(createLocalJWKSet)
    .then(
      (find) => {
        const keys = { find, readAt: now };
        hold(keys, null);
        return keys;
      },
      (error: unknown) => {
        hold(held?.keys ?? null, null);
        log.for(ctx).error('the keys of an issuer cannot be read', { event: 'issuer.unreachable', url, error });
        throw noKeys();
      },
    );
  hold(held?.keys ?? null, work);
  // Others wait for it when the call that asked is canceled.
  ctx.defer(work.catch(() => undefined));
  return work;
}

async function fetchKeys(ctx: Context, url: URL): Promise<JSONWebKeySet> {
  const { status, value } = await fetchJson(ctx, url);
  if (status !== 200) throw new Error(`status ${status}`);
  if (!isObject(value) || !Array.isArray(value.keys) || value.keys.length > MAX_KEYS) throw new Error('not a JWK set');
  return { keys: value.keys.filter(isObject) };
}
