import { ApiError } from '../../../kernel/errors';
import { newId, randomText } from '../../../kernel/ids';
import { isSameJson } from '../../../kernel/json.rules';
import { asSystem } from '../../access/actor';
import type { Context } from '../../access/context';
import { change } from '../../change/change';
import { assertRolesExist } from '../roles/assert-roles';
import type { Credentials } from '../sessions/open-session';
import { limitSignIns } from '../sessions/limit-attempts';
import { nameTaken } from '../users/create-user';
import { ifLastAdmin } from '../users/update-user';
import { readReturn, type ReturnedFlow } from './authorization';
import { exchangeCode, refuseFlow } from './exchange-code';
import { groupsInClaims, isAdmitted, nameOf, rolesOfGroups } from './identity.rules';
import type { AuthorizedInput } from './provider.schema';

/** Replaces the password hash of users whom a provider signs in: no password matches it. */
const NO_PASSWORD = 'none:provider';

/**
 * Returns the user whom a provider has signed in, made at the first sign-in, with the roles of their groups. The subject decides who it is,
 * never a name or an e-mail address. Throws 401 `invalid_token`, 403 for a person whom the provider's settings do not admit, 409
 * `last_admin` where the groups would leave no admin, 429 after too many failures, and 503 where the provider is unavailable.
 */
export async function authorizedUser(
  ctx: Context,
  input: AuthorizedInput,
): Promise<{ user: Credentials; returned: ReturnedFlow }> {
  const refundAttempt = await limitSignIns(ctx);
  const returned = await readReturn(ctx, input);
  const { settings, name: provider } = returned.provider;
  const claims = await exchangeCode(ctx, returned, input);
  const groups = groupsInClaims(settings, claims);
  if (typeof groups === 'string') return refuseFlow(ctx, returned, groups);
  if (!isAdmitted(settings, claims, groups)) {
    const message = `Your account may not sign in here with ${settings.label}. An admin decides whom it admits.`;
    return refuseFlow(ctx, returned, `${claims.sub} is not admitted`, new ApiError('forbidden', message));
  }
  const roles = rolesOfGroups(settings, groups);
  const identity = await ctx.store.signIn.identity(provider, claims.sub);
  const user = identity
    ? await updated(ctx, returned, identity.userId, roles)
    : await created(asSystem(ctx), { provider, subject: claims.sub, name: nameOf(claims), roles });
  ctx.defer(refundAttempt());
  return { user, returned };
}

async function updated(ctx: Context, returned: ReturnedFlow, id: string, roles: string[]): Promise<Credentials> {
  const user = await ctx.store.users.credentialsOf(id);
  if (!user?.active) return refuseFlow(ctx, returned, `the user ${id} is not active`);
  if (isSameJson(user.roles.toSorted(), roles)) return user;
  await change(asSystem(ctx), {
    action: 'user.update',
    id,
    changes: { roles: { from: user.roles, to: roles }, provider: returned.provider.name },
    write: ctx.store.users.update(id, user.revision, { roles, updatedAt: ctx.now() }),
    revision: user.revision,
    requires: await assertRolesExist(ctx, roles),
    explain: ifLastAdmin(ctx, user),
  });
  return { ...user, roles };
}

interface NewUser {
  provider: string;
  subject: string;
  name: string;
  roles: string[];
}

async function created(ctx: Context, { provider, subject, name, roles }: NewUser): Promise<Credentials> {
  const now = ctx.now();
  const { users, signIn } = ctx.store;
  const row = {
    id: newId('usr', now),
    name: (await users.credentials(name)) ? `${name}-${provider}-${randomText(6)}` : name,
    passwordHash: NO_PASSWORD,
    active: true,
    roles,
    revision: 1,
    createdAt: now,
    updatedAt: now,
  };
  await change(ctx, {
    action: 'user.create',
    id: row.id,
    changes: { name: row.name, roles, provider, subject },
    write: users.insert(row),
    also: [signIn.insertIdentity({ provider, subject, userId: row.id, createdAt: now })],
    requires: await assertRolesExist(ctx, roles),
    // Of two first sign-ins at once, one makes the user.
    taken: nameTaken(),
  });
  return row;
}
