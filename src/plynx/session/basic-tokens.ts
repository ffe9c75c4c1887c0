import type { Context } from '../../core/access/context';
import { randomText } from '../../kernel/ids';
import { authSecret } from '../../core/access/settings';
import { LONGEST_SECONDS, signJwt, verifyJwt } from '../../core/identity/tokens/jwt';
import { requireSession } from '../../core/identity/sessions/get-session';
import { createDemoUser } from './passwordless-user';
import { createSigner } from '../../kernel/signed';

/** Seconds. A change of the user's password ends tokens as well. */
const ACCESS_SECONDS = 600;
const DEMO_SECONDS = 1800;
const REFRESH_SECONDS = LONGEST_SECONDS.graphs;

export interface BasicTokens {
  accessToken: string;
  refreshToken: string;
}

/**
 * Issues two tokens for the requesting user; both grant the whole dialect, sent as the name of HTTP Basic. When the request was made with
 * such a token, neither is valid for longer than that one.
 */
export async function issueBasicTokens(ctx: Context): Promise<BasicTokens> {
  const actor = requireSession(ctx);
  const user = await ctx.store.users.credentialsOf(actor.id);
  const passwordHash = user?.passwordHash ?? '';
  const [accessToken, refreshToken] = await Promise.all([
    issue(ctx, actor.id, passwordHash, ACCESS_SECONDS, actor.until),
    issue(ctx, actor.id, passwordHash, REFRESH_SECONDS, actor.until),
  ]);
  return { accessToken, refreshToken };
}

/** Creates a demo user and a token for half an hour; null when demo users are off. */
export async function issueDemoToken(ctx: Context): Promise<{ accessToken: string; name: string } | null> {
  const user = await createDemoUser(ctx);
  if (user === null) return null;
  return { accessToken: await issue(ctx, user.id, user.passwordHash, DEMO_SECONDS), name: user.name };
}

const issue = (
  ctx: Pick<Context, 'settings' | 'now'>,
  userId: string,
  passwordHash: string,
  seconds: number,
  until = Infinity,
) => {
  const secret = authSecret(ctx.settings);
  const iat = Math.floor(ctx.now() / 1000);
  const sid = passwordMark.sign(secret, passwordHash);
  return signJwt(secret, 'graphs', { sub: userId, sid, jti: randomText(16), iat, exp: Math.min(iat + seconds, until) });
};

/** Returns the user of a token and its end, or null: the password must still be the one that it was issued for. */
export async function userOfBasicToken(ctx: Pick<Context, 'settings' | 'store' | 'now'>, token: string) {
  const secret = ctx.settings.authSecret;
  if (secret === null || !token.includes('.')) return null;
  const claims = await verifyJwt(secret, token, 'graphs', ctx.now());
  if (claims?.sid === undefined) return null;
  const user = await ctx.store.users.credentialsOf(claims.sub);
  return user && passwordMark.verify(secret, user.passwordHash, claims.sid) ? { user, until: claims.exp } : null;
}

/** Binds tokens to a password without a row for each: a new password has another mark. */
const passwordMark = createSigner('plynx', 'base64url', 22);
