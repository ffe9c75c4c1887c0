import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { createToken } from '../../../../src/core/identity/tokens/create-token';
import { getToken, listTokens } from '../../../../src/core/identity/tokens/get-token';
import { verifyJwt } from '../../../../src/core/identity/tokens/jwt';
import { revokeToken } from '../../../../src/core/identity/tokens/revoke-token';
import { updateToken } from '../../../../src/core/identity/tokens/update-token';
import { actorWith, testContext } from '../../../support/context';

const ctx = testContext();
const secret = new TextEncoder().encode(env.AUTH_SECRET);
const apiError = (code: string) => expect.objectContaining({ code });
const make = (name: string, roles: string[] = [], expiresAt: string | null = null) =>
  createToken(ctx, { name, roles, expiresAt });

describe('tokens', () => {
  it('show their value once, and it names their row', async () => {
    const { token, ...shown } = await make('caller', ['viewer'], '2030-01-01T01:00:00+01:00');
    expect(shown).toMatchObject({
      name: 'caller',
      roles: ['viewer'],
      expiresAt: '2030-01-01T00:00:00.000Z',
      createdBy: 'usr_admin',
      revision: 1,
    });
    expect(await getToken(ctx, shown.id)).toEqual(shown);
    expect((await listTokens(ctx, { limit: 1 })).items).toEqual([shown]);
    const expiresBefore = '2000-01-01T00:00:00Z';
    expect((await listTokens(ctx, { limit: 1, expiresBefore })).items).toEqual([]);
    const claims = await verifyJwt(secret, token!, 'endpoint', Date.now());
    expect(claims).toEqual({ sub: shown.id, jti: expect.any(String), iat: expect.any(Number) });
    expect(await verifyJwt(secret, token!, 'admin', Date.now())).toBeNull();
  });

  it('are not stored', async () => {
    const { token } = await make('secret');
    const signature = token!.split('.')[2]!;
    const tables = await env.DB.prepare(
      `select name from sqlite_master where type = 'table' and name not like '\\_cf%' escape '\\'`,
    ).all();
    for (const { name } of tables.results) {
      const rows = await env.DB.prepare(`select * from "${String(name)}"`).all();
      expect(JSON.stringify(rows.results), String(name)).not.toContain(signature);
    }
    expect(tables.results.length).toBeGreaterThan(8);
  });

  it('change at the revision that was read, while their value stays', async () => {
    const { id } = await make('changing');
    const changed = await updateToken(ctx, id, { roles: ['operator'], expiresAt: '2031-01-01T00:00:00Z' }, 1);
    expect(changed).toMatchObject({
      name: 'changing',
      roles: ['operator'],
      expiresAt: '2031-01-01T00:00:00.000Z',
      revision: 2,
    });
    expect(changed).not.toHaveProperty('token');
    expect(await ctx.store.tokens.bearerToken(id)).toMatchObject({
      roles: ['operator'],
      expiresAt: Date.parse('2031-01-01'),
    });
    expect((await updateToken(ctx, id, { expiresAt: null }, 2)).expiresAt).toBeNull();
    await expect(updateToken(ctx, id, { name: 'x' }, 1)).rejects.toEqual(apiError('stale_revision'));
  });

  it('are revoked for good', async () => {
    const { id } = await make('revoked');
    await revokeToken(ctx, id, null);
    expect(await ctx.store.tokens.bearerToken(id)).toBeUndefined();
    await expect(getToken(ctx, id)).rejects.toEqual(apiError('not_found'));
    await expect(updateToken(ctx, id, { name: 'x' }, null)).rejects.toEqual(apiError('not_found'));
    await expect(revokeToken(ctx, id, null)).rejects.toEqual(apiError('not_found'));
    expect((await listTokens(ctx, { limit: 100 })).items.map((item) => item.id)).not.toContain(id);
    const entries = await ctx.store.audit.list({ objectId: id }, null, 10);
    expect(entries.map(({ action }) => action).toSorted()).toEqual(['token.create', 'token.revoke']);
  });

  it('have roles that exist', async () => {
    await expect(make('x', ['no-such-role'])).rejects.toEqual(apiError('invalid_input'));
    const { id } = await make('x');
    await expect(updateToken(ctx, id, { roles: ['no-such-role'] }, null)).rejects.toEqual(apiError('invalid_input'));
  });

  it.each(['developer', 'operator', 'viewer'])('are not for a %s to see or make', async (role) => {
    const other = testContext(actorWith(role));
    await expect(listTokens(other, { limit: 1 })).rejects.toEqual(apiError('forbidden'));
    await expect(createToken(other, { name: 'x', roles: [], expiresAt: null })).rejects.toEqual(apiError('forbidden'));
  });
});
