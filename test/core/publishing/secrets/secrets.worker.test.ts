import { beforeAll, expect, test } from 'vitest';
import type { Context } from '../../../../src/core/access/context';
import { createRole } from '../../../../src/core/identity/roles/create-role';
import { deleteSecret } from '../../../../src/core/publishing/secrets/delete-secret';
import { putSecret } from '../../../../src/core/publishing/secrets/put-secret';
import { codeOf } from '../../../support/code-of';
import { actorWith, testContext } from '../../../support/context';
import { ensureAdmin, unique } from '../../../support/publish';

const ctx = testContext();
const as = (...roles: string[]): Context => testContext(actorWith(...roles));
const name = (): string => unique('S').replaceAll('-', '_').toUpperCase();
let role = '';

beforeAll(async () => {
  await ensureAdmin();
  role = (await createRole(ctx, { name: unique('role'), description: '' })).name;
});

test('a new value alone leaves the roles and the description as they are', async () => {
  const secret = name();
  await putSecret(ctx, secret, { value: 'first', description: 'signs orders', roles: [role] });
  expect(await putSecret(ctx, secret, { value: 'second' })).toMatchObject({
    description: 'signs orders',
    roles: [role],
    version: 2,
  });
  expect(await putSecret(ctx, secret, { value: 'third', description: '', roles: [] })).toMatchObject({
    description: '',
    roles: [],
  });
});

test('roles and description change without a new value, which only a new secret needs', async () => {
  const secret = name();
  expect(await codeOf(putSecret(ctx, secret, { description: 'signs orders' }))).toBe('invalid_input');
  await putSecret(ctx, secret, { value: 'first', roles: [role] });
  const { version, roles, description } = await putSecret(ctx, secret, { description: 'signs orders' });
  expect([version, roles, description]).toEqual([1, [role], 'signs orders']);
  expect(await codeOf(putSecret(as('developer'), secret, { roles: [] }))).toBe('forbidden');
});

test('a secret that is meant to be new does not replace one', async () => {
  const secret = name();
  expect(await putSecret(ctx, secret, { value: 'first' }, 0)).toMatchObject({ version: 1 });
  expect(await codeOf(putSecret(ctx, secret, { value: 'second' }, 0))).toBe('stale_revision');
  expect(await putSecret(ctx, secret, { value: 'second' }, 1)).toMatchObject({ version: 2 });
});

test('a new secret has no roles and no description unless it is given some', async () => {
  expect(await putSecret(as('developer'), name(), { value: 'x' })).toMatchObject({ description: '', roles: [] });
});

test('an actor without its roles cannot replace, open or delete a secret', async () => {
  const secret = name();
  await putSecret(ctx, secret, { value: 'of billing', roles: [role] });
  const developer = as('developer');
  expect(await codeOf(putSecret(developer, secret, { value: 'mine' }))).toBe('forbidden');
  expect(await codeOf(putSecret(developer, secret, { value: 'mine', roles: [] }))).toBe('forbidden');
  expect(await codeOf(deleteSecret(developer, secret, true))).toBe('forbidden');
  expect(await putSecret(as('developer', role), secret, { value: 'rotated' })).toMatchObject({ version: 2 });
  expect(await putSecret(as('admin'), secret, { value: 'rotated' })).toMatchObject({ version: 3 });
  await deleteSecret(as('developer', role), secret, false);
});
