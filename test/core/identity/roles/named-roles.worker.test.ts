import { beforeAll, describe, expect, test } from 'vitest';
import type { Context } from '../../../../src/core/access/context';
import { createEndpoint } from '../../../../src/core/publishing/endpoints/create-endpoint';
import { CreateEndpointInput, UpdateEndpointInput } from '../../../../src/core/publishing/endpoints/endpoint.schema';
import { getEndpoint } from '../../../../src/core/publishing/endpoints/get-endpoint';
import { updateEndpoint } from '../../../../src/core/publishing/endpoints/update-endpoint';
import { createRole } from '../../../../src/core/identity/roles/create-role';
import { deleteRole } from '../../../../src/core/identity/roles/delete-role';
import { getRole } from '../../../../src/core/identity/roles/get-role';
import { deleteSecret } from '../../../../src/core/publishing/secrets/delete-secret';
import { putSecret } from '../../../../src/core/publishing/secrets/put-secret';
import { createTable } from '../../../../src/core/tables/catalogue/create-table';
import { CreateTableInput, UpdateTableInput } from '../../../../src/core/tables/catalogue/table.schema';
import { updateTable } from '../../../../src/core/tables/catalogue/update-table';
import { createToken } from '../../../../src/core/identity/tokens/create-token';
import { updateToken } from '../../../../src/core/identity/tokens/update-token';
import { createUser } from '../../../../src/core/identity/users/create-user';
import { updateUser } from '../../../../src/core/identity/users/update-user';
import { callAdmin } from '../../../support/admin-api';
import { codeOf } from '../../../support/code-of';
import { testContext } from '../../../support/context';
import { delayedBy } from '../../../support/delayed';
import { insertUser } from '../../../support/people';
import { ensureAdmin, saveHandler, unique } from '../../../support/publish';
import { adminToken } from '../../../support/sign-in';

const ctx = testContext();
let handler = '';
const makeRole = async (): Promise<string> => (await createRole(ctx, { name: unique('role'), description: '' })).name;
const endpointInput = (role: string) =>
  CreateEndpointInput.parse({
    handler: { path: handler },
    access: { level: 'authenticated', roles: { names: [role] } },
  });
const tableInput = (fields: object) => CreateTableInput.parse({ name: unique('t').replaceAll('-', '_'), ...fields });

beforeAll(async () => {
  await ensureAdmin();
  handler = (await saveHandler('export default () => 1')).path;
});

type Save = (as: Context, role: string) => Promise<unknown>;

/** Every verb that writes down the name of a role; each makes what it changes first, without the role. */
const SAVES: [string, () => Promise<Save>][] = [
  ['a new endpoint', async () => (as, role) => createEndpoint(as, endpointInput(role))],
  [
    'a changed endpoint',
    async () => {
      const { id } = await createEndpoint(ctx, CreateEndpointInput.parse({ handler: { path: handler } }));
      return (as, role) =>
        updateEndpoint(as, id, UpdateEndpointInput.parse({ access: { level: 'authenticated', roles: { names: [role] } } }), null);
    },
  ],
  ['a new user', async () => (as, role) => createUser(as, { name: unique('u'), password: 'long enough to be one', roles: [role], active: true })],
  [
    'a changed user',
    async () => {
      const { id } = await insertUser(unique('u'));
      return (as, role) => updateUser(as, id, { roles: [role] }, null);
    },
  ],
  ['a new token', async () => (as, role) => createToken(as, { name: 't', roles: [role], expiresAt: null })],
  [
    'a changed token',
    async () => {
      const { id } = await createToken(ctx, { name: 't', roles: [], expiresAt: null });
      return (as, role) => updateToken(as, id, { roles: [role] }, null);
    },
  ],
  ['a new table', async () => (as, role) => createTable(as, tableInput({ write: [role] }))],
  [
    'a changed table',
    async () => {
      const { id } = await createTable(ctx, tableInput({}));
      return (as, role) => updateTable(as, id, UpdateTableInput.parse({ read: [role] }), false, null);
    },
  ],
  ['a new secret', async () => (as, role) => putSecret(as, unique('S').replaceAll('-', '_').toUpperCase(), { value: 'x', description: '', roles: [role] })],
  [
    'a changed secret',
    async () => {
      const name = unique('S').replaceAll('-', '_').toUpperCase();
      await putSecret(ctx, name, { value: 'x', description: '', roles: [] });
      return (as, role) => putSecret(as, name, { value: 'x', description: '', roles: [role] });
    },
  ],
]; // oxfmt-ignore

describe.each(SAVES)('%s', (_, make) => {
  test('is refused with a role that does not exist', async () => {
    const save = await make();
    expect(await codeOf(save(ctx, 'nobody-made-this'))).toBe('invalid_input');
  });

  test('is not written when the role is deleted after the check', async () => {
    const [save, role] = [await make(), await makeRole()];
    expect(
      await codeOf(
        save(
          delayedBy(ctx, () => deleteRole(ctx, role, null)),
          role,
        ),
      ),
    ).toBe('stale_revision');
    expect(await codeOf(save(ctx, role))).toBe('invalid_input');
  });

  test('keeps the role from being deleted once it is written', async () => {
    const [save, role] = [await make(), await makeRole()];
    await save(ctx, role);
    expect(await codeOf(deleteRole(ctx, role, null))).toBe('in_use');
  });

  test('excludes a concurrent deletion of the role', async () => {
    for (let i = 0; i < 3; i++) {
      const [save, role] = [await make(), await makeRole()];
      const [saved, deleted] = await Promise.all([codeOf(save(ctx, role)), codeOf(deleteRole(ctx, role, null))]);
      expect([saved, deleted].filter((code) => code === 'done')).toHaveLength(1);
      expect(await codeOf(getRole(ctx, role))).toBe(deleted === 'done' ? 'not_found' : 'done');
    }
  });
});

test.each(['names', 'of'] as const)(
  'every role in `%s` of an endpoint that does not exist is named by its place',
  async (field) => {
    const roles = { [field]: ['viewer', 'no-such', await makeRole(), 'nor-this'] };
    const input = CreateEndpointInput.parse({ handler: { path: handler }, access: { level: 'authenticated', roles } });
    await expect(createEndpoint(ctx, input)).rejects.toMatchObject({
      code: 'invalid_input',
      extra: {
        issues: [
          { pointer: `#/access/roles/${field}/1`, code: 'unknown_role', message: 'unknown role no-such' },
          { pointer: `#/access/roles/${field}/3`, code: 'unknown_role', message: 'unknown role nor-this' },
        ],
      },
    });
  },
);

test('a deleted secret lets its role go', async () => {
  const [role, name] = [await makeRole(), unique('S').replaceAll('-', '_').toUpperCase()];
  await putSecret(ctx, name, { value: 'x', description: '', roles: [role] });
  await deleteSecret(ctx, name, false);
  await deleteRole(ctx, role, null);
});

test('a change that does not touch the roles of an endpoint leaves them', async () => {
  const role = await makeRole();
  const { id } = await createEndpoint(ctx, endpointInput(role));
  await updateEndpoint(ctx, id, UpdateEndpointInput.parse({ title: 'other' }), null);
  expect((await getEndpoint(ctx, id)).access.roles.names).toEqual([role]);
});

describe('over HTTP', () => {
  const roles = { names: ['no-such-role'] };
  const access = { level: 'authenticated', roles };
  const refused = {
    status: 422,
    body: { code: 'invalid_input', errors: [{ pointer: '#/access/roles/names/0', code: 'unknown_role' }] },
  };

  test('an endpoint is not made, not changed, and not made from a template with a role that does not exist', async () => {
    const token = await adminToken();
    const make = { handler: { path: handler }, access };
    expect(await callAdmin('POST', '/endpoints', { token, body: make })).toMatchObject(refused);
    const { id } = await createEndpoint(ctx, CreateEndpointInput.parse({ handler: { path: handler } }));
    expect(await callAdmin('PATCH', `/endpoints/${id}`, { token, body: { access } })).toMatchObject(refused);
    const use = await callAdmin('POST', '/templates/echo-request/endpoints', { token, body: { access } });
    expect(use, use.text).toMatchObject(refused);
  });
});

test('all of many unknown roles are named, however many one write has', async () => {
  const issuer = (name: string) => ({
    name,
    issuer: `https://${name}.example.com`,
    audience: ['a'],
    roles: {
      claim: 'roles',
      map: Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`v${i}`, `${name}-${i}`])),
    },
  });
  const access = { level: 'authenticated', issuers: [issuer('one'), issuer('two')] };
  const refused = createEndpoint(ctx, CreateEndpointInput.parse({ handler: { path: handler }, access }));
  await expect(refused).rejects.toMatchObject({ code: 'invalid_input', extra: { issues: { length: 101 } } });
});
