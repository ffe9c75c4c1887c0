import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { bootstrap } from '../../../../src/core/identity/users/bootstrap';
import { testContext } from '../../../support/context';
import { clearOfWindowEnd } from '../../../support/rate-window';

const TOKEN = env.BOOTSTRAP_TOKEN;
const input = (name: string) => ({ name, password: 'a password of tests' });
const context = (settings: object = {}, address = '192.0.2.1') => {
  const ctx = testContext({ kind: 'anonymous', credential: 'none' }, { address });
  return { ...ctx, settings: { ...ctx.settings, ...settings } };
};
const apiError = (code: string) => expect.objectContaining({ code });

describe('bootstrap', () => {
  it('does not exist without the secret', async () => {
    await expect(bootstrap(context({ bootstrapToken: null }), TOKEN, input('a'))).rejects.toEqual(
      apiError('not_found'),
    );
  });

  it.each([
    [null, 'auth_required'],
    ['', 'invalid_token'],
    [TOKEN.slice(0, -1), 'invalid_token'],
    [`${TOKEN}x`, 'invalid_token'],
    [TOKEN.toUpperCase(), 'invalid_token'],
  ])('refuses %j: %s', async (token, code) => {
    await expect(bootstrap(context(), token, input('a'))).rejects.toEqual(apiError(code));
  });

  it('makes one admin, however many ask at once, and none ever after', async () => {
    const all = await Promise.allSettled(['a', 'b', 'c', 'd'].map((name) => bootstrap(context(), TOKEN, input(name))));
    const made = all.filter((one) => one.status === 'fulfilled');
    const refusals = all.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
    expect(refusals).toEqual(Array.from({ length: 3 }, () => apiError('already_bootstrapped')));
    expect(made[0]!.value).toMatchObject({ roles: ['admin'], active: true, revision: 1 });
    await expect(bootstrap(context(), TOKEN, input('e'))).rejects.toEqual(apiError('already_bootstrapped'));
    expect(await testContext().store.users.list(null, 10)).toHaveLength(1);
    const [row, ...more] = await testContext().store.audit.list({ object: 'user' }, null, 10);
    expect(row).toMatchObject({ action: 'user.bootstrap', actorKind: 'system', objectId: made[0]!.value.id });
    expect(more).toEqual([]);
  });

  it('limits guessing from one address', { timeout: 30_000 }, async () => {
    await clearOfWindowEnd(900);
    const guess = () => bootstrap(context({}, '192.0.2.99'), 'guess', input('a')).catch((error: unknown) => error);
    const codes: unknown[] = [];
    for (let i = 0; i < 11; i++) codes.push(await guess());
    expect(codes.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => apiError('invalid_token')));
    expect(codes[10]).toEqual(apiError('rate_limited'));
  });
});
