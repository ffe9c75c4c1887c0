import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { createRole } from '../../../../src/core/identity/roles/create-role';
import { deleteRole } from '../../../../src/core/identity/roles/delete-role';
import { getRole, listRoles } from '../../../../src/core/identity/roles/get-role';
import { updateRole } from '../../../../src/core/identity/roles/update-role';
import { createToken } from '../../../../src/core/identity/tokens/create-token';
import { revokeToken } from '../../../../src/core/identity/tokens/revoke-token';
import { actorWith, testContext } from '../../../support/context';
import { insertUser } from '../../../support/people';

const ctx = testContext();
const apiError = (code: string) => expect.objectContaining({ code });
const make = (name: string) => createRole(ctx, { name, description: 'of a test' });

describe('roles', () => {
  it('are listed after the built-in ones, page by page', async () => {
    await make('zebra');
    await make('ape');
    const first = await listRoles(ctx, { limit: 5 });
    expect(first.items.map(({ name }) => name)).toEqual(['admin', 'developer', 'operator', 'viewer', 'ape']);
    expect(first.items[0]).toMatchObject({ builtIn: true, createdAt: null });
    const rest = await listRoles(ctx, { limit: 5, cursor: first.nextCursor! });
    expect(rest).toEqual({ items: [await getRole(ctx, 'zebra')], nextCursor: null });
  });

  it.each(['admin', 'viewer', 'twice'])('are not created where %s is taken', async (name) => {
    if (name === 'twice') await make(name);
    await expect(make(name)).rejects.toEqual(apiError('name_taken'));
  });

  it('are updated at the revision that was read', async () => {
    await make('described');
    const changed = await updateRole(ctx, 'described', { description: 'other' }, 1);
    expect(changed).toMatchObject({ description: 'other', revision: 2, builtIn: false });
    expect(await getRole(ctx, 'described')).toEqual(changed);
    await expect(updateRole(ctx, 'described', { description: '' }, 1)).rejects.toEqual(apiError('stale_revision'));
    await expect(deleteRole(ctx, 'described', 1)).rejects.toEqual(apiError('stale_revision'));
  });

  it('do not change when they are built in', async () => {
    await expect(updateRole(ctx, 'viewer', { description: 'x' }, null)).rejects.toEqual(apiError('forbidden'));
    await expect(deleteRole(ctx, 'admin', null)).rejects.toEqual(apiError('forbidden'));
  });

  it('are 404 when they do not exist', async () => {
    await expect(getRole(ctx, 'none')).rejects.toEqual(apiError('not_found'));
    await expect(updateRole(ctx, 'none', { description: '' }, null)).rejects.toEqual(apiError('not_found'));
    await expect(deleteRole(ctx, 'none', null)).rejects.toEqual(apiError('not_found'));
  });

  it('are managed by admins only', async () => {
    await expect(createRole(testContext(actorWith('developer')), { name: 'x', description: '' })).rejects.toEqual(
      apiError('forbidden'),
    );
    expect((await listRoles(testContext(actorWith('viewer')), { limit: 1 })).items).toHaveLength(1);
  });
});

describe('deleting a role', () => {
  const insertEndpoint = (roles: object) =>
    env.DB.prepare(
      `insert into endpoints (id, path, title, description, folder, handler_id, active, instance, executor_id, access_level, log, rules,
         created_at, updated_at, created_by) values ('ep_1', 'p', '', '', '', 'hdl_1', 0, 'pooled', 'usr_1', 'key', 'full', ?, 0, 0, 'usr_1')`,
    )
      .bind(JSON.stringify({ roles }))
      .run();

  it('is refused while a user has it, active or not', async () => {
    await make('of-user');
    const { id } = await insertUser('holder', ['viewer', 'of-user'], { active: false });
    await expect(deleteRole(ctx, 'of-user', null)).rejects.toEqual(apiError('in_use'));
    await env.DB.prepare('delete from users where id = ?').bind(id).run();
    await deleteRole(ctx, 'of-user', null);
    await expect(getRole(ctx, 'of-user')).rejects.toEqual(apiError('not_found'));
  });

  it('is refused while an active token has it', async () => {
    await make('of-token');
    const { id } = await createToken(ctx, { name: 't', roles: ['of-token'], expiresAt: null });
    await expect(deleteRole(ctx, 'of-token', null)).rejects.toEqual(apiError('in_use'));
    await revokeToken(ctx, id, null);
    await deleteRole(ctx, 'of-token', null);
  });

  it('is refused while an endpoint asks for it', async () => {
    await make('of-endpoint');
    await insertEndpoint({ match: 'any', of: ['of-endpoint'] });
    await expect(deleteRole(ctx, 'of-endpoint', null)).rejects.toEqual(apiError('in_use'));
    await env.DB.prepare(`delete from endpoints where id = 'ep_1'`).run();
    await deleteRole(ctx, 'of-endpoint', null);
  });

  it('does not mind other roles whose names are like it', async () => {
    await make('ad');
    await insertUser('admin-of-test', ['admin']);
    await deleteRole(ctx, 'ad', null);
  });
});
