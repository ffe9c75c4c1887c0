import { PERMISSIONS, rolesThatMay, type Permission } from '../../../../src/core/access/permitted.rules';

/** Returns what a built-in role permits in the console and the admin API, by noun: `['key', ['read', 'write']]`. */
export function permissionsOf(role: string): (readonly [noun: string, acts: string[]])[] {
  const byNoun = new Map<string, string[]>();
  for (const permission of PERMISSIONS.filter((one) => permits(role, one))) {
    const [noun, act] = permission.split('.') as [string, string];
    byNoun.set(noun, [...(byNoun.get(noun) ?? []), act]);
  }
  return [...byNoun];
}

function permits(role: string, permission: Permission): boolean {
  const roles = rolesThatMay(permission);
  return role === 'admin' || typeof roles === 'string' || roles.includes(role);
}
