import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '../../../../src/core/access/actor';
import { createRole } from '../../../../src/core/identity/roles/create-role';
import { createUser } from '../../../../src/core/identity/users/create-user';
import { deleteUser } from '../../../../src/core/identity/users/delete-user';
import { getUser, listUsers } from '../../../../src/core/identity/users/get-user';
import { updateUser } from '../../../../src/core/identity/users/update-user';
import { verifyPassword } from '../../../../src/core/identity/users/password';
import { signIn } from '../../../../src/core/identity/sessions/sign-in';
import { actorWith, testContext } from '../../../support/context';
import { insertUser } from '../../../support/people';
import { createUser as insertWithPassword } from '../../../support/sign-in';

const ctx = testContext();
const { users, sessions, audit } = ctx.store;
const PASSWORD = 'a password of tests';
const apiError = (code: string) => expect.objectContaining({ code });
const make = (name: string, roles: string[] = [], active = true) =>
  createUser(ctx, { name, password: PASSWORD, roles, active });
/** A user whose creation is no subject of the test, with a hash that costs nothing. */
const store = (name: string, roles: string[] = []) => insertWithPassword(name, roles, PASSWORD);
const asUser = (id: string, roles: string[]) =>
  testContext({ kind: 'user', id, name: 'x', roles, sessionId: 'ses_x' } satisfies Actor);
const changesOf = async (id: string) => (await audit.list({ objectId: id }, null, 1))[0];

/** An endpoint row as the admin API would leave it, of which only the executor matters here. */
const insertEndpoint = (id: string, executor: string) =>
  env.DB.prepare(
    `insert into endpoints (id, path, title, description, folder, handler_id, active, instance, executor_id, access_level, log, rules,
       created_at, updated_at, created_by) values (?1, ?1, '', '', '', 'hdl_1', 1, 'pooled', ?2, 'key', 'full', '{}', 0, 0, ?2)`,
  )
    .bind(id, executor)
    .run();

describe('users', () => {
  // No user of the tests below is then the last admin.
  beforeAll(async () => void (await store('root', ['admin'])));

  it('are created, read and listed without their password', async () => {
    const user = await make('ann@example.com', ['developer']);
    expect(user).toEqual({
      id: expect.stringMatching(/^usr_/),
      name: 'ann@example.com',
      roles: ['developer'],
      active: true,
      revision: 1,
      createdAt: expect.any(String),
      updatedAt: user.createdAt,
    });
    expect(await getUser(ctx, user.id)).toEqual(user);
    expect((await listUsers(ctx, { limit: 1 })).items).toEqual([user]);
  });

  it('have a hash in the table and nothing of the password in the audit trail', async () => {
    const { id } = await make('ben');
    const row = await users.credentialsOf(id);
    expect(await verifyPassword(PASSWORD, row!.passwordHash)).toBe(true);
    await updateUser(ctx, id, { password: 'a new password of tests' }, null);
    expect((await changesOf(id))!.changes).toEqual({ password: 'changed' });
    expect(JSON.stringify(await audit.list({}, null, 100))).not.toMatch(/of tests|scrypt/);
  });

  it('have names that differ in more than case', async () => {
    await make('Cleo');
    await expect(make('cLEO')).rejects.toEqual(apiError('name_taken'));
    const other = await make('cleo2');
    await expect(updateUser(ctx, other.id, { name: 'CLEO' }, null)).rejects.toEqual(apiError('name_taken'));
    expect((await updateUser(ctx, other.id, { name: 'Cleo2' }, null)).name).toBe('Cleo2');
  });

  it('have roles that exist', async () => {
    await expect(make('dan', ['viewer', 'billing'])).rejects.toMatchObject({
      code: 'invalid_input',
      extra: { issues: [{ pointer: '#/roles/1', code: 'unknown_role' }] },
    });
    await createRole(ctx, { name: 'billing', description: '' });
    const dan = await make('dan', ['viewer', 'billing']);
    await expect(updateUser(ctx, dan.id, { roles: ['nobody-knows'] }, null)).rejects.toEqual(apiError('invalid_input'));
  });

  it('are changed at the revision that was read', async () => {
    const { id } = await store('eve');
    const changed = await updateUser(ctx, id, { roles: ['viewer'] }, 1);
    expect(changed).toMatchObject({ roles: ['viewer'], revision: 2 });
    expect(await getUser(ctx, id)).toEqual(changed);
    await expect(updateUser(ctx, id, { roles: [] }, 1)).rejects.toEqual(apiError('stale_revision'));
    await expect(deleteUser(ctx, id, false, 1)).rejects.toEqual(apiError('stale_revision'));
    expect((await changesOf(id))!.changes).toEqual({ roles: { from: [], to: ['viewer'] } });
  });

  it('lose one of two changes made at once, and hear of it', async () => {
    const { id } = await store('fay');
    const results = await Promise.allSettled(
      ['viewer', 'operator'].map((role) => updateUser(ctx, id, { roles: [role] }, 1)),
    );
    expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(results.find((one) => one.status === 'rejected')!.reason).toEqual(apiError('stale_revision'));
  });

  it.each([
    ['a new password', { password: 'a new password of tests' }],
    ['deactivation', { active: false }],
  ])('lose their sessions by %s', async (_what, patch) => {
    const user = await store(`gus${Object.keys(patch)[0]}`);
    const { accessToken } = await signIn(testContext(undefined, { address: '192.0.2.7' }), {
      name: user.name,
      password: PASSWORD,
    });
    const sid = JSON.parse(atob(accessToken.split('.')[1]!.replaceAll('-', '+').replaceAll('_', '/'))).sid as string;
    expect(await sessions.identify(sid, Date.now())).toBeDefined();
    await updateUser(ctx, user.id, { name: `${user.name}2` }, null);
    expect(await sessions.identify(sid, Date.now())).toBeDefined();
    await updateUser(ctx, user.id, patch, null);
    await updateUser(ctx, user.id, { active: true }, null);
    expect(await sessions.identify(sid, Date.now())).toBeUndefined();
  });

  it('are deleted, unless an endpoint runs as them', async () => {
    const { id } = await store('hal');
    await insertEndpoint('ep_hal', id);
    await expect(deleteUser(ctx, id, false, null)).rejects.toEqual(apiError('in_use'));
    expect(await getUser(ctx, id)).toMatchObject({ name: 'hal' });
    await env.DB.prepare(`delete from endpoints where id = 'ep_hal'`).run();
    await deleteUser(ctx, id, false, null);
    await expect(getUser(ctx, id)).rejects.toEqual(apiError('not_found'));
    await expect(deleteUser(ctx, id, false, null)).rejects.toEqual(apiError('not_found'));
  });

  it('are managed by admins only', async () => {
    const developer = testContext(actorWith('developer'));
    const { id } = await store('ida');
    await expect(updateUser(developer, id, { roles: ['admin'] }, null)).rejects.toEqual(apiError('forbidden'));
    await expect(deleteUser(developer, id, false, null)).rejects.toEqual(apiError('forbidden'));
    await expect(getUser(testContext(actorWith()), id)).rejects.toEqual(apiError('forbidden'));
  });

  it('are listed page by page, each once', async () => {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await listUsers(ctx, { limit: 3, cursor });
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toEqual((await users.list(null, 100)).map(({ id }) => id));
  });
});

describe('the last active admin', () => {
  /** The only two admins; everybody else is demoted. */
  const twoAdmins = async (name: string) => {
    const pair = [await insertUser(`${name}1`, ['admin']), await insertUser(`${name}2`, ['admin'])] as const;
    await env.DB.prepare(`update users set roles = '[]' where id not in (?, ?)`).bind(pair[0].id, pair[1].id).run();
    return pair;
  };
  const admins = async () =>
    (await users.list(null, 100)).filter(({ active, roles }) => active && roles.includes('admin')).length;

  it.each([
    ['deactivated', (id: string) => updateUser(ctx, id, { active: false }, null)],
    ['demoted', (id: string) => updateUser(ctx, id, { roles: ['viewer'] }, null)],
    ['demoted while being activated', (id: string) => updateUser(ctx, id, { roles: [], active: true }, null)],
    ['deleted', (id: string) => deleteUser(ctx, id, false, null)],
  ])('cannot be %s', async (what, take) => {
    const [one, two] = await twoAdmins(what.replaceAll(' ', '-'));
    await take(one.id);
    await expect(take(two.id)).rejects.toEqual(apiError('last_admin'));
    expect(await admins()).toBe(1);
    // Changes that do not remove the right still work.
    expect((await updateUser(ctx, two.id, { name: `${two.name}x`, roles: ['admin', 'viewer'] }, null)).revision).toBe(
      2,
    );
  });

  it('stays when two admins act on each other at once', async () => {
    const [one, two] = await twoAdmins('mutual');
    const results = await Promise.allSettled([
      deleteUser(asUser(one.id, ['admin']), two.id, false, null),
      updateUser(asUser(two.id, ['admin']), one.id, { roles: [] }, null),
    ]);
    expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(results.find((one) => one.status === 'rejected')!.reason).toEqual(apiError('last_admin'));
    expect(await admins()).toBe(1);
  });

  it('does not count an inactive admin', async () => {
    const [one, two] = await twoAdmins('inactive');
    await updateUser(ctx, one.id, { active: false }, null);
    await expect(updateUser(ctx, two.id, { active: false }, null)).rejects.toEqual(apiError('last_admin'));
    await deleteUser(ctx, one.id, false, null);
    expect(await admins()).toBe(1);
  });
});
