import { authRequired, assertCallerRoles, invalidKey, invalidToken, takesBearers, takesKeys } from '../access.rules';
import { ANONYMOUS, type Caller } from '../../access/actor';
import type { Definition } from '../definition';
import { keyCaller, keyNotAllowed } from '../identify-caller';
import { isUsable, keyOutOfScope, type KeyState } from '../key-access.rules';
import type { Context } from '../../access/context';
import { ApiError } from '../../../kernel/errors';
import { invalidField } from '../../../kernel/issues';
import { mayTestAs } from '../../access/run-as';
import type { TestEndpointInput } from './test-endpoint.schema';

/** The caller of a test run, and the error that a live call of theirs would get. */
export interface TestCaller {
  caller: Caller;
  refusal: ApiError | null;
  /** For the test only: no live call would be accepted yet. */
  runsAnyway?: boolean;
}

/**
 * Returns the caller of a test run: the one that the tester names; otherwise the tester, where users may call; the first key that the
 * endpoint accepts, where keys may; else an anonymous caller. Where no key exists yet, an anonymous caller may call in the test only, and
 * the response has the error of a live call.
 */
export async function testCaller(
  ctx: Context,
  definition: Definition,
  as: TestEndpointInput['as'],
): Promise<TestCaller> {
  if (as === undefined) return standIn(ctx, definition);
  if ('user' in as) return testUser(ctx, definition, as.user);
  return testKey(ctx, definition, as.key);
}

function standIn(ctx: Context, { accessLevel, keys, roles }: Definition): TestCaller {
  const { actor } = ctx;
  if (takesBearers(accessLevel) && actor.kind === 'user') {
    const caller: Caller = { kind: 'user', id: actor.id, name: actor.name, roles: actor.roles };
    return { caller, refusal: refusalOf(() => assertCallerRoles(caller, roles)) };
  }
  const usable = takesKeys(accessLevel) ? [...keys].filter(([, state]) => isUsable(state, ctx.now())) : [];
  const key = usable.find(([, { opens }]) => opens) ?? usable[0];
  if (key) return ofKey(key, roles);
  return { caller: ANONYMOUS, refusal: accessLevel === 'public' ? null : authRequired(accessLevel), runsAnyway: true };
}

/** A key that the endpoint lists and that is usable. */
function ofKey([id, state]: [string, KeyState], roles: Definition['roles']): TestCaller {
  const caller = keyCaller(id, state);
  return {
    caller,
    refusal: refusalOf(() => {
      if (!state.opens) throw keyOutOfScope();
      assertCallerRoles(caller, roles);
    }),
  };
}

async function testUser(ctx: Context, { accessLevel, roles }: Definition, named: string): Promise<TestCaller> {
  const user = await ctx.store.users.find(named);
  if (!user) throw invalidField('as/user', 'not_found', 'user not found');
  if (!mayTestAs(ctx.actor, user))
    throw new ApiError('forbidden', `You cannot call as ${user.name}, who has built-in roles that you do not have.`);
  const caller: Caller = { kind: 'user', id: user.id, name: user.name, roles: user.roles };
  return {
    caller,
    refusal: refusalOf(() => {
      if (accessLevel === 'public') return;
      if (!takesBearers(accessLevel)) throw authRequired(accessLevel);
      if (!user.active) throw invalidToken();
      assertCallerRoles(caller, roles);
    }),
  };
}

async function testKey(ctx: Context, { accessLevel, keys, roles }: Definition, id: string): Promise<TestCaller> {
  const key = await ctx.store.keys.get(id);
  if (!key) throw invalidField('as/key', 'not_found', 'key not found');
  const refusal = refusalOf(() => {
    if (accessLevel === 'public') return;
    if (!takesKeys(accessLevel)) throw authRequired(accessLevel);
    if (!isUsable(key, ctx.now())) throw invalidKey();
    if (!keys.has(id)) throw keyNotAllowed();
  });
  if (refusal !== null || accessLevel === 'public') return { caller: keyCaller(id, key), refusal };
  return ofKey([id, keys.get(id)!], roles);
}

/** Returns the ApiError that `check` throws, or null. */
export function refusalOf(check: () => void): ApiError | null {
  try {
    check();
    return null;
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
}
