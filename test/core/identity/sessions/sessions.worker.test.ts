import { env } from 'cloudflare:workers';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ATTEMPTS_WINDOW_SECONDS } from '../../../../src/core/identity/sessions/limit-attempts';
import { getSession } from '../../../../src/core/identity/sessions/get-session';
import { refreshSession } from '../../../../src/core/identity/sessions/refresh-session';
import { SESSION_MS, signIn } from '../../../../src/core/identity/sessions/sign-in';
import { signOut } from '../../../../src/core/identity/sessions/sign-out';
import { verifyJwt } from '../../../../src/core/identity/tokens/jwt';
import { changePassword } from '../../../../src/core/identity/users/change-password';
import { identifyActor } from '../../../../src/core/identity/users/identify-actor';
import { updateUser } from '../../../../src/core/identity/users/update-user';
import { actorWith, testContext } from '../../../support/context';
import { cheapHash, insertSession, insertUser } from '../../../support/people';
import { clearOfWindowEnd } from '../../../support/rate-window';
import { createUser } from '../../../support/sign-in';

const secret = new TextEncoder().encode(env.AUTH_SECRET);
const PASSWORD = 'a password of tests';
const apiError = (code: string) => expect.objectContaining({ code });
const admin = testContext();
const from = (address: string) => testContext({ kind: 'anonymous', credential: 'none' }, { address });

let user: { id: string; name: string };
beforeAll(async () => {
  user = await createUser('Ann', ['viewer'], PASSWORD);
});

describe('signing in', () => {
  it('gives a token per audience, a refresh token and the user', async () => {
    const signedIn = await signIn(from('192.0.2.1'), { name: 'ann', password: PASSWORD });
    expect(signedIn).toMatchObject({ expiresIn: 900, user: { id: user.id, name: 'Ann', roles: ['viewer'] } });
    const claims = await verifyJwt(secret, signedIn.accessToken, 'admin', Date.now());
    expect(claims).toMatchObject({ sub: user.id, sid: signedIn.refreshToken.split('.')[0] });
    expect(claims!.exp! - claims!.iat).toBe(900);
    expect(await verifyJwt(secret, signedIn.endpointToken, 'endpoint', Date.now())).toMatchObject({
      sub: user.id,
      sid: claims!.sid,
    });
    expect(await verifyJwt(secret, signedIn.accessToken, 'endpoint', Date.now())).toBeNull();
    expect(await verifyJwt(secret, signedIn.endpointToken, 'admin', Date.now())).toBeNull();
  });

  it('leaves a row that is good for 30 days, its hash and an audit row without a token', async () => {
    const ctx = from('192.0.2.1');
    const now = Date.now();
    const { refreshToken } = await signIn({ ...ctx, now: () => now }, { name: 'ann', password: PASSWORD });
    const row = await env.DB.prepare('select * from sessions where id = ?').bind(refreshToken.split('.')[0]!).first();
    expect(row).toMatchObject({ user_id: user.id, created_at: now, expires_at: now + SESSION_MS, revoked_at: null });
    expect(SESSION_MS).toBe(30 * 86_400_000);
    expect(row!.refresh_hash).toMatch(/^[0-9a-f]{64}$/);
    const [entry] = await ctx.store.audit.list({ object: 'session' }, null, 1);
    expect(entry).toMatchObject({ action: 'session.create', actorId: user.id, changes: { address: '192.0.2.1' } });
    expect(JSON.stringify([row, entry])).not.toContain(refreshToken.split('.')[1]);
  });

  it('is refused with one message for a wrong password, an unknown name and a deactivated user', async () => {
    const gone = await insertUser('gone', [], { active: false, passwordHash: await cheapHash(PASSWORD) });
    const refusals = await Promise.all(
      [
        { name: 'ann', password: 'another password' },
        { name: 'nobody', password: PASSWORD },
        { name: gone.name, password: PASSWORD },
        { name: `ann' or 1=1 --`, password: PASSWORD },
      ].map((input) => signIn(from('192.0.2.2'), input).catch((error: unknown) => error)),
    );
    for (const refusal of refusals) {
      expect(refusal).toEqual(apiError('invalid_credentials'));
      expect(refusal).toHaveProperty('message', 'Name or password is wrong.');
    }
  });

  it('opens nothing when the password was changed while it was being checked', async () => {
    const racer = await createUser('racer', [], PASSWORD);
    const ctx = from('192.0.2.3');
    const { users } = ctx.store;
    // The password is read, and then somebody else is faster.
    const credentials = async (name: string) => {
      const row = await users.credentials(name);
      await updateUser(admin, racer.id, { password: 'a new password of tests' }, null);
      return row;
    };
    const slow = { ...ctx, store: { ...ctx.store, users: { ...users, credentials } } } as unknown as typeof ctx;
    await expect(signIn(slow, { name: 'racer', password: PASSWORD })).rejects.toEqual(apiError('invalid_credentials'));
    const rows = await env.DB.prepare('select id from sessions where user_id = ?').bind(racer.id).all();
    expect(rows.results).toEqual([]);
  });

  it('needs AUTH_SECRET', async () => {
    const ctx = from('192.0.2.1');
    const without = { ...ctx, settings: { ...ctx.settings, authSecret: null } };
    await expect(signIn(without, { name: 'ann', password: PASSWORD })).rejects.toEqual(apiError('not_configured'));
  });
});

describe('attempts', () => {
  beforeEach(() => clearOfWindowEnd(ATTEMPTS_WINDOW_SECONDS), 30_000);

  it('are ten per account and address, and do not lock other accounts out', async () => {
    const attempt = (address: string, name: string, password: string) =>
      signIn(from(address), { name, password }).then(
        () => 'in',
        (error: { code: string }) => error.code,
      );
    const outcomes: string[] = [];
    for (let i = 0; i < 10; i++) outcomes.push(await attempt('2001:db8:0:1::1', i % 2 ? 'ANN' : 'ann', 'wrong'));
    expect(new Set(outcomes)).toEqual(new Set(['invalid_credentials']));
    // The eleventh, from another address of the same network, although it is right.
    expect(await attempt('2001:db8:0:1::2', 'ann', PASSWORD)).toBe('rate_limited');
    expect(await attempt('2001:db8:0:2::1', 'ann', PASSWORD)).toBe('in');
    expect(await attempt('2001:db8:0:1::1', 'nobody', 'wrong')).toBe('invalid_credentials');
  });

  it('are a hundred per address, with Retry-After beyond', async () => {
    const ctx = from('192.0.2.50');
    for (let i = 0; i < 100; i++) await ctx.limiter.take('sign-in 192.0.2.50', 100, 900);
    const refused = await signIn(ctx, { name: 'ann', password: PASSWORD }).catch((error: unknown) => error);
    expect(refused).toMatchObject({
      code: 'rate_limited',
      extra: { headers: { 'retry-after': expect.stringMatching(/^[0-9]+$/) } },
    });
  });
});

describe('a session', () => {
  const open = async (roles: string[] = []) => {
    const { id, name } = await insertUser(`u${crypto.randomUUID()}`, roles);
    const session = await insertSession(id);
    const ctx = testContext({ kind: 'user', id, name, roles, sessionId: session.sessionId });
    return { ctx, id, ...session };
  };
  const actorOf = async (accessToken: string) => identifyActor(testContext(), `Bearer ${accessToken}`);

  it('is refreshed with new tokens, which work', async () => {
    const { ctx, id, token, sessionId } = await open(['viewer']);
    const first = await refreshSession(ctx, token);
    const second = await refreshSession(ctx, first.refreshToken);
    expect(await actorOf(second.accessToken)).toMatchObject({ kind: 'user', id, roles: ['viewer'], sessionId });
    expect(new Set([token, first.refreshToken, second.refreshToken]).size).toBe(3);
  });

  it('ends with a second use of an old refresh token, which is audited', async () => {
    const { ctx, token, sessionId } = await open();
    const { accessToken, refreshToken } = await refreshSession(ctx, token);
    await expect(refreshSession(ctx, token)).rejects.toEqual(apiError('invalid_token'));
    await expect(refreshSession(ctx, refreshToken)).rejects.toEqual(apiError('invalid_token'));
    expect(await actorOf(accessToken)).toEqual({ kind: 'anonymous', credential: 'invalid' });
    const rows = await ctx.store.audit.list({ objectId: sessionId }, null, 10);
    expect(rows.map(({ action }) => action)).toEqual(['session.reuse']);
  });

  it('does not end for a forged token with its id', async () => {
    const { ctx, token, sessionId } = await open();
    const forged = `${sessionId}.${'a'.repeat(65)}`;
    await expect(refreshSession(ctx, forged)).rejects.toEqual(apiError('invalid_token'));
    expect((await refreshSession(ctx, token)).user.id).toBe(ctx.actor.kind === 'user' ? ctx.actor.id : '');
  });

  it('ends with its time', async () => {
    const { id } = await open();
    const { token } = await insertSession(id, Date.now() - 1);
    await expect(refreshSession(testContext(), token)).rejects.toEqual(apiError('invalid_token'));
  });

  it('ends with its user', async () => {
    const { ctx, id, token } = await open();
    const { accessToken, refreshToken } = await refreshSession(ctx, token);
    await updateUser(admin, id, { active: false }, null);
    expect(await actorOf(accessToken)).toEqual({ kind: 'anonymous', credential: 'invalid' });
    await expect(refreshSession(ctx, refreshToken)).rejects.toEqual(apiError('invalid_token'));
  });

  it('ends by signing out, alone', async () => {
    const one = await open();
    const other = await insertSession(one.id);
    const { accessToken } = await refreshSession(one.ctx, one.token);
    await signOut(one.ctx);
    expect(await actorOf(accessToken)).toEqual({ kind: 'anonymous', credential: 'invalid' });
    await expect(refreshSession(one.ctx, other.token)).resolves.toHaveProperty('expiresIn', 900);
    // Once more is no error.
    await signOut(one.ctx);
  });

  it('returns the user and its permissions', async () => {
    const { ctx, sessionId } = await open(['viewer', 'billing']);
    const own = await getSession(ctx);
    expect(own).toMatchObject({ id: sessionId, user: { roles: ['viewer', 'billing'] } });
    expect(own.permissions).toContain('run.read');
    expect(own.permissions).not.toContain('user.write');
    expect((await getSession((await open()).ctx)).permissions).toEqual([
      'session.own',
      'batch.read',
      'table.read',
      'row.use',
    ]);
  });

  it('is for people only', async () => {
    await expect(getSession(testContext({ kind: 'anonymous', credential: 'none' }))).rejects.toEqual(
      apiError('auth_required'),
    );
    await expect(signOut(testContext({ kind: 'system' }))).rejects.toEqual(apiError('not_found'));
    await expect(getSession(testContext(actorWith('admin')))).rejects.toEqual(apiError('not_found'));
  });
});

describe('changing the own password', () => {
  beforeEach(() => clearOfWindowEnd(ATTEMPTS_WINDOW_SECONDS), 30_000);

  it('takes the old one, keeps this session and ends the others', async () => {
    const { id, name } = await createUser('changer', [], PASSWORD);
    const sessions = await Promise.all([1, 2].map(() => signIn(from('192.0.2.8'), { name, password: PASSWORD })));
    const ids = sessions.map(({ refreshToken }) => refreshToken.split('.')[0]!);
    const ctx = testContext({ kind: 'user', id, name, roles: [], sessionId: ids[0]! }, { address: '192.0.2.8' });
    const newPassword = 'a new password of tests';
    await expect(changePassword(ctx, { password: 'wrong', newPassword })).rejects.toMatchObject({
      code: 'invalid_input',
      extra: { issues: [{ pointer: '#/password', code: 'wrong_password' }] },
    });
    await changePassword(ctx, { password: PASSWORD, newPassword });
    const standing = await Promise.all(ids.map((sid) => ctx.store.sessions.identify(sid, Date.now())));
    expect(standing.map((one) => one !== undefined)).toEqual([true, false]);
    await expect(signIn(from('192.0.2.9'), { name, password: PASSWORD })).rejects.toEqual(
      apiError('invalid_credentials'),
    );
    await expect(signIn(from('192.0.2.9'), { name, password: newPassword })).resolves.toHaveProperty('user.id', id);
    expect(JSON.stringify(await ctx.store.audit.list({ objectId: id }, null, 10))).not.toMatch(/of tests|scrypt/);
  });

  it('counts against the sign-in attempts of the account', async () => {
    const { id, name } = await createUser('guessed', [], PASSWORD);
    const ctx = testContext({ kind: 'user', id, name, roles: [], sessionId: 'ses_1' }, { address: '192.0.2.10' });
    for (let i = 0; i < 10; i++) await ctx.limiter.take('sign-in 192.0.2.10 user guessed', 10, 900);
    await expect(changePassword(ctx, { password: PASSWORD, newPassword: PASSWORD })).rejects.toEqual(
      apiError('rate_limited'),
    );
  });
});
