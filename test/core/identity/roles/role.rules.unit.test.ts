import { expect, it } from 'vitest';
import { BUILT_IN, rolePosition, rolesAfter } from '../../../../src/core/identity/roles/role.rules';

const role = (name: string) => ({
  name,
  description: '',
  builtIn: false,
  revision: 1,
  createdAt: '2026-01-01T00:00:00.000Z',
});
const all = [role('zoo'), ...BUILT_IN, role('aaa')];

it('lists the built-in roles first, then the others by name', () => {
  expect(rolesAfter(all, null).map(({ name }) => name)).toEqual([
    'admin',
    'developer',
    'operator',
    'viewer',
    'aaa',
    'zoo',
  ]);
});

it('continues after any built-in role without a gap', () => {
  const sorted = rolesAfter(all, null);
  for (const [i, at] of sorted.entries()) expect(rolesAfter(all, rolePosition(at))).toEqual(sorted.slice(i + 1));
});

it('continues after a role that was deleted concurrently', () => {
  expect(rolesAfter(all, { at: 1, id: 'mmm' }).map(({ name }) => name)).toEqual(['zoo']);
});
