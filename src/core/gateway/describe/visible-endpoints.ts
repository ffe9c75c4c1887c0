import { ApiError } from '../../../kernel/errors';
import type { FoundEndpoint } from '../../publishing/endpoints/get-endpoint';
import { hashKey, isKeyForm } from '../../identity/keys/key-value.rules';
import type { KeyRow } from '../../../storage/keys';
import { ANONYMOUS, type Caller } from '../../access/actor';
import type { Context } from '../../access/context';
import { assertCallerRoles, invalidKey, readCredential, takesBearers, takesKeys } from '../access.rules';
import { identifyBearer, keyCaller } from '../identify-caller';
import { compileKey, isUsable } from '../key-access.rules';
import { toDescribed, type Described } from './described.rules';

/** A caller outside of any endpoint; `key` where a key identified them. */
interface Visitor {
  caller: Caller;
  key: KeyRow | null;
}

/** Identifies the credential of a request that calls no endpoint. Throws 401 for an invalid one. */
export async function identifyVisitor(ctx: Context, headers: Headers): Promise<Visitor> {
  const credential = readCredential(headers);
  if (credential.kind === 'none') return { caller: ANONYMOUS, key: null };
  ctx.cache.failedAttempts.check(ctx.address, ctx.now());
  if (credential.kind === 'bearer') return { caller: await identifyBearer(ctx, credential.value, headers), key: null };
  const key = isKeyForm(credential.value) ? await findKey(ctx, credential.value) : null;
  if (key !== null) return { caller: keyCaller(key.id, key), key };
  ctx.cache.failedAttempts.count(ctx.address, ctx.now());
  throw invalidKey();
}

async function findKey(ctx: Context, value: string): Promise<KeyRow | null> {
  const owner = await ctx.store.keys.byHash(hashKey(ctx.settings, value), ctx.now());
  if (!owner || !isUsable(owner, ctx.now())) return null;
  return (await ctx.store.keys.get(owner.id)) ?? null;
}

/** Returns the active endpoints of a folder and those below it that a visitor may call, and those that show themselves to all. */
export const visibleEndpoints = (ctx: Context, visitor: Visitor, folder: string): Promise<Described[]> =>
  describedBy(ctx, folder, (row) => visibleMethods(row, visitor));

/** Returns the active endpoints of a folder and those below it that a visitor may call. */
export const callableEndpoints = (ctx: Context, visitor: Visitor, folder: string): Promise<Described[]> =>
  describedBy(ctx, folder, (row) => callableMethods(row, visitor));

async function describedBy(
  ctx: Context,
  folder: string,
  methodsOf: (row: FoundEndpoint) => string[],
): Promise<Described[]> {
  const rows = await activeEndpoints(ctx);
  return rows
    .filter((row) => folder === '' || `${row.folder}/`.startsWith(`${folder}/`))
    .flatMap((row) => {
      const methods = methodsOf(row);
      return methods.length === 0 ? [] : [toDescribed(row, methods)];
    });
}

/** Returns all active endpoints, from the memory of the isolate where it has them. */
const activeEndpoints = async ({ cache, now, defer }: Context): Promise<readonly FoundEndpoint[]> =>
  (await cache.published.get('active', now(), defer)) ?? [];

/** Returns the methods of an endpoint that a visitor sees; none for an endpoint that is hidden from them. */
function visibleMethods(row: FoundEndpoint, visitor: Visitor): string[] {
  const { docs, methods } = row.rules;
  if (docs === 'hidden') return [];
  if (docs === 'public' || row.accessLevel === 'public') return methods;
  return callableMethods(row, visitor);
}

/** Returns the methods that a visitor may call, as the steps of a call decide it, addresses aside. */
function callableMethods(row: FoundEndpoint, { caller, key }: Visitor): string[] {
  const { accessLevel, rules } = row;
  if (accessLevel === 'public') return rules.methods;
  if (caller.kind === 'anonymous' || !admits(() => assertCallerRoles(caller, rules.roles))) return [];
  if (key === null) return takesBearers(accessLevel) ? rules.methods : [];
  if (!takesKeys(accessLevel) || !row.keyIds.includes(key.id)) return [];
  const state = compileKey(key, row);
  return state.opens ? rules.methods.filter((method) => state.methods === null || state.methods.has(method)) : [];
}

function admits(check: () => void): boolean {
  try {
    check();
    return true;
  } catch (error) {
    if (error instanceof ApiError) return false;
    throw error;
  }
}
