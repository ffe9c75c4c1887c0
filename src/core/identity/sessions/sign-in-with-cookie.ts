import type { Context } from '../../access/context';
import { asSystem, type Actor } from '../../access/actor';
import { BEARER } from '../../access/permissions';
import { authSecret } from '../../access/settings';
import { verb } from '../../access/verb';
import { tryChange } from '../../change/change';
import { ApiError } from '../../../kernel/errors';
import { newId } from '../../../kernel/ids';
import { findUser } from '../users/get-user';
import { toOwnSession } from './get-session';
import { checkPassword, openSession } from './open-session';
import { makeSessionSecret, readSessionSecret } from './session-secret';
import type { CookieSignInInput, OwnSession } from './session.schema';

const HOUR_MS = 60 * 60 * 1000;
/** Lifetime of a session in a browser. Shorter over plain http: other programs of the same machine may get the cookie. */
const COOKIE_MS = { 'https:': 7 * 24 * HOUR_MS, 'http:': 12 * HOUR_MS };
/** Lifetime of a code that signs in once. */
const CODE_MS = HOUR_MS / 6;

/** A session that a browser holds: `secret` is the value of its cookie. */
export interface CookieSession {
  session: OwnSession;
  secret: string;
  maxAgeSeconds: number;
}

/**
 * Signs a browser in, by a password or by a code of `makeSignInCode`. The session has no tokens. Throws 401 and 429 as `checkPassword` does,
 * and 401 `invalid_token` for a code that was used or has expired.
 */
export const signInWithCookie = verb('public', async (ctx, input: CookieSignInInput): Promise<CookieSession> => {
  const lifetimeMs = COOKIE_MS[ctx.origin.startsWith('https:') ? 'https:' : 'http:'];
  const expiresAt = ctx.now() + lifetimeMs;
  const { actor, secret } =
    'code' in input ? await claim(ctx, input.code, expiresAt) : await open(ctx, input, expiresAt);
  const user = await findUser(ctx, actor.id);
  return { session: toOwnSession(actor, user), secret, maxAgeSeconds: lifetimeMs / 1000 };
});

type UserActor = Extract<Actor, { kind: 'user' }>;

async function open(
  ctx: Context,
  input: Exclude<CookieSignInInput, { code: string }>,
  expiresAt: number,
): Promise<{ actor: UserActor; secret: string }> {
  const key = authSecret(ctx.settings);
  const user = await checkPassword(ctx, input);
  const cookie = makeSessionSecret(key, 'cookie', newId('ses', ctx.now()));
  return { actor: await openSession(ctx, user, cookie, expiresAt, 'browser'), secret: cookie.secret };
}

/** Makes the session of a code that of a cookie: one conditional UPDATE, so that a code works once. */
async function claim(ctx: Context, code: string, expiresAt: number): Promise<{ actor: UserActor; secret: string }> {
  const key = authSecret(ctx.settings);
  const refused = new ApiError('invalid_token', 'This link was used or has expired. Sign in with your password.', {
    headers: BEARER,
  });
  const given = readSessionSecret(key, 'sign-in code', code);
  if (given === null) throw refused;
  const cookie = makeSessionSecret(key, 'cookie', given.sessionId);
  const { sessions } = ctx.store;
  const claimed = await tryChange(asSystem(ctx), {
    action: 'session.claim',
    id: given.sessionId,
    changes: { address: ctx.address },
    write: sessions.claim(given.sessionId, given.hash, cookie.hash, expiresAt, ctx.now()),
  });
  const row = claimed ? await sessions.identifyBySecret(given.sessionId, cookie.hash, ctx.now()) : undefined;
  if (!row) throw refused;
  return {
    actor: { kind: 'user', id: row.userId, name: row.name, roles: row.roles, sessionId: row.sessionId },
    secret: cookie.secret,
  };
}

/**
 * Makes a code with which one browser signs in as the user `name`, once and within ten minutes. Returns null where no active user has this
 * name. No route calls it: it is for the owner of the machine, who has the database.
 */
export async function makeSignInCode(ctx: Context, name: string): Promise<string | null> {
  const key = authSecret(ctx.settings);
  const user = await ctx.store.users.credentials(name);
  if (!user?.active) return null;
  const now = ctx.now();
  const code = makeSessionSecret(key, 'sign-in code', newId('ses', now));
  await openSession(ctx, user, code, now + CODE_MS, 'browser');
  return code.secret;
}
