import type { Context } from '../access/context';
import type { HeaderReader } from '../../kernel/read-headers';
import { ApiError } from '../../kernel/errors';
import { createLogger } from '../../kernel/logger';
import { isKeyForm, hashKey } from '../identity/keys/key-value.rules';
import { explainCredential, type CredentialPlace } from '../identity/tokens/explain-credential';
import { verifyJwt } from '../identity/tokens/jwt';
import { identifyIssued, issuerOf } from './identify-issued';
import { authRequired, invalidKey, invalidToken, readCredential, takesBearers, takesKeys } from './access.rules';
import { ANONYMOUS, type Caller } from '../access/actor';
import type { KeyOwner } from '../../storage/key-cache';
import type { Definition } from './definition';
import { accepts, isUsable, type KeyState } from './key-access.rules';

/*
 * KV identifies a key, D1 decides about it. A hash leads to a key id (isolate cache, then KV, then D1). Whether that key may call this
 * endpoint is in the endpoint's definition, which is at most `freshness` old and has the state of every key that the endpoint accepts. The
 * owner and the definition must name the same version of the key, or that of the value before it in its grace; otherwise D1 decides. So neither a stale answer of KV nor a lost KV write
 * can keep a key alive; and D1 is read before a call is refused, so that a new key works at once.
 */

const log = createLogger('gateway');

/** Milliseconds for which a refusal is cached without another read of D1. */
const REFUSAL_MS = 2000;

/**
 * Identifies the caller of `definition`, or throws an ApiError. Returns without a promise when the isolate cache has it. The same rules for
 * every wire. `early`: what `readOwnerEarly` returned for the call.
 */
export function identifyCaller(
  ctx: Context,
  definition: Definition,
  headers: HeaderReader,
  early: EarlyOwner = null,
): Caller | Promise<Caller> {
  const credential = readCredential(headers);
  const level = definition.accessLevel;
  if (level === 'public') return ANONYMOUS;
  if (credential.kind === 'key' && takesKeys(level)) return identifyKey(ctx, definition, credential.value, early);
  if (credential.kind === 'bearer' && takesBearers(level)) {
    const issuer = issuerOf(definition.issuers, credential.value);
    return issuer ? identifyIssued(ctx, issuer, credential.value) : identifyBearer(ctx, credential.value, headers);
  }
  throw authRequired(level);
}

function identifyKey(ctx: Context, definition: Definition, value: string, early: EarlyOwner): Caller | Promise<Caller> {
  const { cache } = ctx;
  const known = cache.hashes.get(value);
  if (known === undefined && !isKeyForm(value)) return refuseForm(ctx, value);
  const hash = known ?? cache.refusedHashes.get(value) ?? hashKey(ctx.settings, value);
  const owner = cache.keyOwners.get(hash);
  const state = owner && definition.keys.get(owner.id);
  if (state && isValid(ctx, owner, state)) {
    if (known === undefined) cache.hashes.set(value, hash);
    return admitKey(ctx, owner, state);
  }
  const refused = cache.negativeKeys.get(`${definition.id}:${hash}`);
  if (refused !== undefined && ctx.now() < refused.until) {
    cache.refusedHashes.set(value, hash);
    throw refused.known ? keyNotAllowed() : invalidKey();
  }
  return identifyKeySlowly(ctx, definition, hash, early);
}

const PLACE: CredentialPlace = {
  takes: 'Endpoints take the endpointToken of POST /admin/session, or a named token of POST /admin/tokens.',
  kinds: ['endpointToken', 'namedToken'],
  schemes: ['bearer', 'jwt'],
  takesApiKeys: true,
};

/** A value that cannot be a key may be a token in the wrong header. */
async function refuseForm(ctx: Context, apiKey: string): Promise<never> {
  throw invalidKey(await explainCredential(ctx, PLACE, { authorization: null, apiKey }));
}

export const keyCaller = (id: string, { alias, roles }: Pick<KeyState, 'alias' | 'roles'>): Caller => ({
  kind: 'key',
  id,
  name: alias,
  roles,
});

/** Milliseconds between two notes of the use of a key. */
const USE_MS = 3_600_000;

/** Accepts an owner as the caller. Notes the use of the key, at most once an hour. */
function admitKey(ctx: Context, { id, version }: KeyOwner, state: KeyState): Caller {
  const isPrevious = version !== state.version;
  const noted = isPrevious ? state.previousUsedAt : state.lastUsedAt;
  const now = ctx.now();
  if (noted === null || now - noted >= USE_MS) {
    if (isPrevious) state.previousUsedAt = now;
    else state.lastUsedAt = now;
    ctx.defer(ctx.store.keys.noteUse(id, isPrevious, now, now - USE_MS));
  }
  const caller = callers.get(state) ?? keyCaller(id, state);
  callers.set(state, caller);
  return isPrevious ? { ...caller, keyValue: 'previous' } : caller;
}

/** The callers of keys, by their state in a definition: one object for all calls with a key. */
const callers = new WeakMap<KeyState, Caller>();

/** Checks whether an owner is allowed by the state of the key in a definition, and by the newest one that this isolate has read. */
const isValid = ({ cache, now }: Context, owner: KeyOwner, state: KeyState): boolean =>
  accepts(state, owner.version, now()) && cache.seenKeys.allows(owner, now());

/** Logs a failure of KV. The key is then looked up in D1. */
function reportCacheRead(ctx: Context, error: unknown): null {
  log.for(ctx).warn('the key cache does not answer', { event: 'key.cache.read_failed', error });
  return null;
}

/** The owner of a key in KV; null: not asked for. */
type EarlyOwner = Promise<KeyOwner | null> | null;

const readOwner = (ctx: Context, hash: string): Promise<KeyOwner | null> =>
  ctx.store.keyCache.get(hash).catch((error: unknown) => reportCacheRead(ctx, error));

/**
 * Asks KV for the owner of a key while D1 is asked for the endpoint: a first call needs both. Returns null when the isolate knows the key, or
 * while a network guesses keys.
 */
export function readOwnerEarly(ctx: Context, headers: Headers): EarlyOwner {
  const { cache, settings } = ctx;
  const value = headers.get('x-api-key');
  if (value === null || cache.hashes.get(value) !== undefined || !isKeyForm(value)) return null;
  return cache.failedAttempts.isOn(ctx.now()) ? null : readOwner(ctx, hashKey(settings, value));
}

async function identifyKeySlowly(
  ctx: Context,
  definition: Definition,
  hash: string,
  early: EarlyOwner,
): Promise<Caller> {
  const { cache } = ctx;
  cache.failedAttempts.check(ctx.address, ctx.now());
  const cached = await (early ?? readOwner(ctx, hash));
  const fromCache = cached && definition.keys.get(cached.id);
  if (fromCache && isValid(ctx, cached, fromCache)) {
    cache.keyOwners.set(hash, cached);
    return admitKey(ctx, cached, fromCache);
  }
  return askAuthority(ctx, definition, hash, cached);
}

/** Decides by D1 about a key that cache and KV did not settle. D1 is read after the call came in, so its state is current. */
async function askAuthority(
  ctx: Context,
  definition: Definition,
  hash: string,
  cached: KeyOwner | null,
): Promise<Caller> {
  const { cache, store } = ctx;
  const asOf = ctx.now();
  const [key, current] = await Promise.all([
    store.keys.byHash(hash, ctx.now()),
    cache.definitions.reload(definition.id, ctx.now(), ctx.defer),
  ]);
  if (key && isUsable(key, ctx.now())) {
    const owner = { id: key.id, version: key.version };
    const state = current?.keys.get(key.id);
    if (state && accepts(state, owner.version, ctx.now())) {
      cache.keyOwners.set(hash, owner);
      // A KV write was lost or has not arrived yet: write the entry for other isolates.
      if (cached === null) ctx.defer(store.keyCache.put(hash, owner));
      return admitKey(ctx, owner, state);
    }
  }
  const formerId = (cached ?? cache.keyOwners.get(hash))?.id;
  cache.keyOwners.delete(hash);
  const until = ctx.now() + Math.min(REFUSAL_MS, ctx.settings.freshnessMs);
  const known = key !== undefined && isUsable(key, ctx.now());
  if (!known && formerId !== undefined) cache.seenKeys.withdraw(formerId, asOf);
  cache.negativeKeys.set(`${definition.id}:${hash}`, { until, known });
  cache.failedAttempts.count(ctx.address, ctx.now());
  throw known ? keyNotAllowed() : invalidKey();
}

/** 403 for a valid key that the endpoint does not list. */
export const keyNotAllowed = (): ApiError =>
  new ApiError('key_not_allowed', 'This API key is not accepted by this endpoint.');

/** Returns the state of the key that identified a caller; null for other callers. */
export function keyOf(
  { cache }: Pick<Context, 'cache'>,
  definition: Definition,
  { kind, id }: Caller,
): KeyState | null {
  if (kind !== 'key') return null;
  // The authority may have accepted the key by a newer definition than that of the call.
  const known = definition.keys.get(id!) ?? cache.definitions.peek(definition.id)?.keys.get(id!);
  if (known === undefined) throw keyNotAllowed();
  return known;
}

/** Identifies the user or token of a bearer. Throws 401. */
export async function identifyBearer(ctx: Context, token: string, headers: HeaderReader): Promise<Caller> {
  const secret = ctx.settings.authSecret;
  if (secret === null)
    throw new ApiError(
      'not_configured',
      'Tokens cannot be checked: the secret AUTH_SECRET is not set, or shorter than 32 bytes.',
    );
  const claims = await verifyJwt(secret, token, 'endpoint', ctx.now());
  if (claims === null) {
    const authorization = headers.get('authorization');
    throw invalidToken(await explainCredential(ctx, PLACE, { authorization }));
  }
  const key = claims.sid === undefined ? `t:${claims.sub}` : `s:${claims.sid}`;
  const row = await ctx.cache.bearers.get(key, ctx.now(), ctx.defer);
  if (row === null || row.id !== claims.sub || (row.expiresAt !== null && ctx.now() >= row.expiresAt))
    throw invalidToken();
  const caller: Caller = {
    kind: claims.sid === undefined ? 'token' : 'user',
    id: row.id,
    name: row.name,
    roles: row.roles,
  };
  const staleMs = ctx.cache.bearers.staleMs(key, ctx.now());
  return staleMs === 0 ? caller : { ...caller, staleMs };
}
