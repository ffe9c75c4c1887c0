import { toIso } from '../../../kernel/clock';
import type { RoleRow } from '../../../storage/roles';
import type { Position } from '../../../kernel/page';
import { BUILT_IN_ROLES } from '../../access/permitted.rules';
import type { Role } from './role.schema';

const DESCRIPTIONS: Record<(typeof BUILT_IN_ROLES)[number], string> = {
  admin: 'May do everything.',
  developer: 'Writes handlers and endpoints, tests them, manages keys.',
  operator: 'Switches endpoints on and off, manages keys, reads runs and the audit trail.',
  viewer: 'Reads definitions and runs.',
};

export const BUILT_IN: readonly Role[] = BUILT_IN_ROLES.map((name) => ({
  name,
  description: DESCRIPTIONS[name],
  builtIn: true,
  revision: 1,
  createdAt: null,
}));

export const isBuiltIn = (name: string): boolean => BUILT_IN.some((role) => role.name === name);

/** Returns a stored role as the API shows it. */
export const toRole = ({ createdAt, ...row }: RoleRow): Role => ({
  ...row,
  builtIn: false,
  createdAt: toIso(createdAt),
});

/** Returns the position of a role in the list: the built-in ones first, then the others, each by name. */
export const rolePosition = (role: Role): Position => ({ at: role.builtIn ? 0 : 1, id: role.name });

/** Returns the roles after `position`, in the order of `rolePosition`. */
export function rolesAfter(roles: Role[], position: Position | null): Role[] {
  const sorted = roles.toSorted((a, b) => compare(rolePosition(a), rolePosition(b)));
  return position === null ? sorted : sorted.filter((role) => compare(rolePosition(role), position) > 0);
}

const compare = (a: Position, b: Position): number => a.at - b.at || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
