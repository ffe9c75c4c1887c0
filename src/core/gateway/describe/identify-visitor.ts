import { ApiError } from '../../../kernel/errors';
import { hashKey, isKeyForm } from '../../identity/keys/key-value.rules';
import type { KeyRow } from '../../../storage/keys';
import { ANONYMOUS, type Caller } from '../../access/actor';
import type { Context } from '../../access/context';
import type { FoundEndpoint } from '../../publishing/endpoints/get-endpoint';
import type { Issuer } from '../../publishing/endpoints/issuer.schema';
import { invalidKey, readCredential } from '../access.rules';
import { identifyBearer, keyCaller } from '../identify-caller';
import { identifyIssued, issuerOf } from '../identify-issued';
import { isUsable } from '../key-access.rules';

/** Forms in which endpoints have one issuer, such as with other audiences, that are tried for a token. Endpoints with a further one do not show. */
const MAX_FORMS = 50;

/**
 * A caller outside of any endpoint. `key`: a key identified them. `issued`: a token of an issuer did, and this is who they are to endpoints that
 * have the issuer in each form, by its JSON text.
 */
export interface Visitor {
  caller: Caller;
  key: KeyRow | null;
  issued: ReadonlyMap<string, Caller> | null;
}

/** Identifies the credential of a request that calls no endpoint. Throws 401 for an invalid one, and 503 without the keys of its issuer. */
export async function identifyVisitor(ctx: Context, headers: Headers): Promise<Visitor> {
  const credential = readCredential(headers);
  if (credential.kind === 'none') return { caller: ANONYMOUS, key: null, issued: null };
  ctx.cache.failedAttempts.check(ctx.address, ctx.now());
  if (credential.kind === 'bearer') {
    const issued = await identifyByIssuers(ctx, credential.value);
    if (issued) return { caller: ANONYMOUS, key: null, issued };
    return { caller: await identifyBearer(ctx, credential.value, headers), key: null, issued: null };
  }
  const key = isKeyForm(credential.value) ? await findKey(ctx, credential.value) : null;
  if (key !== null) return { caller: keyCaller(key.id, key), key, issued: null };
  ctx.cache.failedAttempts.count(ctx.address, ctx.now());
  throw invalidKey();
}

/** Returns who a visitor is to an endpoint with these issuers. */
export function callerAt({ caller, issued }: Visitor, issuers: readonly Issuer[]): Caller {
  if (issued === null) return caller;
  for (const issuer of issuers) {
    const found = issued.get(JSON.stringify(issuer));
    if (found) return found;
  }
  return ANONYMOUS;
}

async function findKey(ctx: Context, value: string): Promise<KeyRow | null> {
  const owner = await ctx.store.keys.byHash(hashKey(ctx.settings, value), ctx.now());
  if (!owner || !isUsable(owner, ctx.now())) return null;
  return (await ctx.store.keys.get(owner.id)) ?? null;
}

/** Returns all active endpoints, from the memory of the isolate where it has them. */
export const activeEndpoints = async ({ cache, now, defer }: Context): Promise<readonly FoundEndpoint[]> =>
  (await cache.published.get('active', now(), defer)) ?? [];

/**
 * Checks a token against every form in which endpoints have its issuer, and returns who its subject is by each that accepts it. Null where no
 * endpoint has the issuer. Throws the first refusal where no form accepts it.
 */
async function identifyByIssuers(ctx: Context, token: string): Promise<ReadonlyMap<string, Caller> | null> {
  const forms = new Map<string, Issuer>();
  for (const { rules } of await activeEndpoints(ctx)) {
    const issuer = issuerOf(new Map(rules.issuers.map((each) => [each.issuer, each])), token);
    if (issuer !== null && forms.size < MAX_FORMS) forms.set(JSON.stringify(issuer), issuer);
  }
  if (forms.size === 0) return null;
  const found = await Promise.all(
    [...forms].map(async ([text, issuer]) => {
      const caller = await identifyIssued(ctx, issuer, token).catch((error: unknown) => {
        if (error instanceof ApiError) return error;
        throw error;
      });
      return [text, caller] as const;
    }),
  );
  const issued = new Map(
    found.flatMap(([text, caller]) => (caller instanceof ApiError ? [] : [[text, caller] as const])),
  );
  const [refusal] = found.flatMap(([, caller]) => (caller instanceof ApiError ? [caller] : []));
  if (issued.size === 0 && refusal) throw refusal;
  return issued;
}
