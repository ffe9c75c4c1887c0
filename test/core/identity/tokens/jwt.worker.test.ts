import { describe, expect, it } from 'vitest';
import { signJwt, verifyJwt } from '../../../../src/core/identity/tokens/jwt';
import { badTokens, goodToken } from '../../../support/bad-tokens';

const SECRET = 'a-secret-of-a-test-that-has-32-bytes!!';
const secret = new TextEncoder().encode(SECRET);
const good = { sub: 'usr_1', sid: 'ses_1' };
/** Wrong only for who reads the session, or the header around the token. */
const BEYOND_JWT = new Set(['sid of no session', 'sub of another user', 'Basic <jwt>', 'no scheme', 'two tokens']);

describe.each(['admin', 'endpoint'] as const)('verifyJwt for %s', (audience) => {
  it('accepts what the table of bad tokens starts from', async () => {
    expect(await verifyJwt(secret, goodToken(SECRET, audience, good), audience, Date.now())).toMatchObject(good);
  });

  it.each(badTokens(SECRET, audience, good).filter(({ name }) => !BEYOND_JWT.has(name)))(
    'refuses: $name',
    async ({ authorization }) => {
      expect(await verifyJwt(secret, authorization.slice('Bearer '.length), audience, Date.now())).toBeNull();
    },
  );

  it('answers the claims that were signed', async () => {
    const claims = { ...good, jti: 'j', iat: 1_100, exp: 2_000 };
    const token = await signJwt(secret, audience, claims);
    expect(await verifyJwt(secret, token, audience, 1_999_000)).toEqual(claims);
    expect(await verifyJwt(secret, token, audience, 2_000_000)).toBeNull();
  });
});

describe('a token without exp', () => {
  const claims = { sub: 'tok_1', jti: 'j', iat: 1_000 };

  it('is valid at endpoints, where its row decides', async () => {
    expect(await verifyJwt(secret, await signJwt(secret, 'endpoint', claims), 'endpoint', Date.now())).toEqual(claims);
  });

  it('is refused by the admin API', async () => {
    expect(await verifyJwt(secret, await signJwt(secret, 'admin', claims), 'admin', Date.now())).toBeNull();
  });
});

describe('a forged token', () => {
  const now = 1_000_000;
  const valid = async (audience: 'admin' | 'endpoint' | 'graphs', iat: number, exp: number) =>
    (await verifyJwt(
      secret,
      await signJwt(secret, audience, { ...good, jti: 'j', iat, exp }),
      audience,
      now * 1000,
    )) !== null;

  it.each(['admin', 'endpoint', 'graphs'] as const)('is from the future: %s', async (audience) => {
    expect(await valid(audience, now + 60, now + 600)).toBe(true);
    expect(await valid(audience, now + 61, now + 600)).toBe(false);
  });

  it.each([
    ['admin', 900],
    ['endpoint', 900],
    ['graphs', 365 * 86_400],
  ] as const)('is good for too long: %s', async (audience, seconds) => {
    expect(await valid(audience, now, now + seconds)).toBe(true);
    expect(await valid(audience, now, now + seconds + 1)).toBe(false);
    expect(await valid(audience, now - 10, now + seconds)).toBe(false);
  });

  it('is named, and has an end of its own', async () => {
    const claims = { sub: 'tok_1', jti: 'j', iat: now, exp: now + 60 };
    expect(await verifyJwt(secret, await signJwt(secret, 'endpoint', claims), 'endpoint', now * 1000)).toBeNull();
  });
});
