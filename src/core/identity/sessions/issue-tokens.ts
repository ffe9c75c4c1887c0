import type { Context } from '../../access/context';
import { randomText } from '../../../kernel/ids';
import { authSecret } from '../../access/settings';
import { LONGEST_SECONDS, signJwt, type Audience } from '../tokens/jwt';

const LIFETIME_SECONDS = LONGEST_SECONDS.admin;

/** Issues the two tokens of a signed-in user, one per audience. Both end with their session. */
export async function issueTokens(
  ctx: Pick<Context, 'settings' | 'now'>,
  userId: string,
  sessionId: string,
): Promise<{ accessToken: string; endpointToken: string; expiresIn: number }> {
  const iat = Math.floor(ctx.now() / 1000);
  const sign = (audience: Audience): Promise<string> =>
    signJwt(authSecret(ctx.settings), audience, {
      sub: userId,
      sid: sessionId,
      jti: randomText(16),
      iat,
      exp: iat + LIFETIME_SECONDS,
    });
  const [accessToken, endpointToken] = await Promise.all([sign('admin'), sign('endpoint')]);
  return { accessToken, endpointToken, expiresIn: LIFETIME_SECONDS };
}
