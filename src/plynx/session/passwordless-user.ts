import { tryChange } from '../../core/change/change';
import { asSystem } from '../../core/access/actor';
import type { Context } from '../../core/access/context';
import { newId, randomText } from '../../kernel/ids';
import { countByNetwork } from '../../core/identity/sessions/limit-attempts';
import type { Noting } from '../../core/identity/sessions/note-attempt';
import { DEFAULT_USER_MARK, DEFAULT_USER_NAME, DEMO_USER_MARK } from './passwordless.rules';

type Passwordless = Pick<Context, 'store' | 'settings' | 'now' | 'requestId' | 'cache'>;

/** Both may create and run graphs and cannot sign in elsewhere: their tokens are for the PLynx dialect alone. */
const ROLES = ['developer'];

const DEMO_USERS_AN_HOUR = 30;

/**
 * Returns the user `default` with an empty password, created on first use. Null when PLYNX_DEFAULT_USER is not 1, and when a real user has
 * that name: that user's password then counts.
 */
export async function findDefaultUser(ctx: Passwordless) {
  if (!ctx.settings.defaultUser) return null;
  const { users } = ctx.store;
  if (!(await users.credentials(DEFAULT_USER_NAME))) await insertUser(ctx, DEFAULT_USER_NAME, DEFAULT_USER_MARK);
  const user = await users.credentials(DEFAULT_USER_NAME);
  return user?.passwordHash === DEFAULT_USER_MARK && user.active ? user : null;
}

/** Creates a user for a trial of PLynx, who exists as long as one access token. Null when PLYNX_DEMO is not 1; 429 after 30 an hour. */
export async function createDemoUser(
  ctx: Passwordless & Noting,
): Promise<{ id: string; name: string; passwordHash: string } | null> {
  if (!ctx.settings.demoUsers) return null;
  await countByNetwork(ctx, { purpose: 'demo', limit: DEMO_USERS_AN_HOUR, windowSeconds: 3600 }, 'demo users');
  const name = `demo-${randomText(6).toUpperCase()}`;
  const id = await insertUser(ctx, name, DEMO_USER_MARK);
  return id === null ? null : { id, name, passwordHash: DEMO_USER_MARK };
}

// Null when the name was taken concurrently.
async function insertUser(ctx: Passwordless, name: string, passwordHash: string): Promise<string | null> {
  const now = ctx.now();
  const row = { id: newId('usr', now), name, passwordHash, active: true, roles: ROLES, createdAt: now, updatedAt: now };
  const inserted = await tryChange(asSystem(ctx), {
    action: 'user.create',
    id: row.id,
    changes: { name, roles: ROLES },
    write: ctx.store.users.insert(row),
  });
  return inserted ? row.id : null;
}
