import type { Context } from '../../access/context';
import { asSystem, type Actor } from '../../access/actor';
import { BEARER } from '../../access/permissions';
import { authSecret } from '../../access/settings';
import { verb } from '../../access/verb';
import { tryChange } from '../../change/change';
import { ApiError } from '../../../kernel/errors';
import { newId } from '../../../kernel/ids';
import { flowOver } from '../providers/authorization';
import type { AuthorizedInput } from '../providers/provider.schema';
import { authorizedUser } from '../providers/sign-in-with-provider';
import { findUser } from '../users/get-user';
import { toOwnSession } from './get-session';
import { checkPassword, openSession, type Credentials } from './open-session';
import { makeSessionSecret, readSessionSecret } from './session-secret';
import type { CookieSignInInput, OwnSession, SignInInput } from './session.schema';

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
 * Signs a browser in, by a password, by a code of `makeSignInCode`, or by the answer of an identity provider. The session has no tokens. Throws 401 and 429 as `checkPassword` does,
 * and 401 `invalid_token` for a code that was used or has expired.
 */
export const signInWithCookie = verb('public', async (ctx, input: CookieSignInInput): Promise<CookieSession> => {
  return toCookieSession(ctx, await begin(ctx, input, latestEnd(ctx)));
});

/** Opens a session of a user whose credentials were checked, for a browser. */
export const openBrowserSession = async (ctx: Context, user: Credentials): Promise<CookieSession> =>
  toCookieSession(ctx, await openFor(ctx, user, latestEnd(ctx)));

const latestEnd = (ctx: Context): number => ctx.now() + COOKIE_MS[ctx.origin.startsWith('https:') ? 'https:' : 'http:'];

async function toCookieSession(ctx: Context, { actor, secret, expiresAt }: Begun): Promise<CookieSession> {
  const user = await findUser(ctx, actor.id);
  return { session: toOwnSession(actor, user), secret, maxAgeSeconds: Math.round((expiresAt - ctx.now()) / 1000) };
}

interface Begun {
  actor: UserActor;
  secret: string;
  expiresAt: number;
}

/** Opens the session that ends at `latest`, or before. */
function begin(ctx: Context, input: CookieSignInInput, latest: number): Promise<Begun> {
  if ('flow' in input) return arrive(ctx, input, latest);
  return 'code' in input ? claim(ctx, input.code, latest) : open(ctx, input, latest);
}

/** Opens the session of a flow, which a second use of it finds. */
async function arrive(ctx: Context, input: AuthorizedInput, latest: number): Promise<Begun> {
  const { user, returned } = await authorizedUser(ctx, input);
  const { name: provider, settings } = returned.provider;
  const expiresAt = Math.min(latest, ctx.now() + settings.sessionHours * HOUR_MS);
  const cookie = makeSessionSecret(authSecret(ctx.settings), 'cookie', returned.sessionId);
  const opening = { holder: 'browser' as const, expiresAt, provider, refused: flowOver };
  return { actor: await openSession(ctx, user, cookie, opening), secret: cookie.secret, expiresAt };
}

type UserActor = Extract<Actor, { kind: 'user' }>;

const open = async (ctx: Context, input: SignInInput, expiresAt: number): Promise<Begun> =>
  openFor(ctx, await checkPassword(ctx, input), expiresAt);

async function openFor(ctx: Context, user: Credentials, expiresAt: number): Promise<Begun> {
  const cookie = makeSessionSecret(authSecret(ctx.settings), 'cookie', newId('ses', ctx.now()));
  const actor = await openSession(ctx, user, cookie, { holder: 'browser', expiresAt });
  return { actor, secret: cookie.secret, expiresAt };
}

/** Makes the session of a code that of a cookie: one conditional UPDATE, so that a code works once. */
async function claim(ctx: Context, code: string, expiresAt: number): Promise<Begun> {
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
    expiresAt,
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
  await openSession(ctx, user, code, { holder: 'browser', expiresAt: now + CODE_MS });
  return code.secret;
}
