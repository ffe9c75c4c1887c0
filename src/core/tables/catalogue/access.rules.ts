import type { Viewer } from '../../../storage/tables';
import type { Actor } from '../../access/actor';

/** The rights of an actor on one table. `see`: know that it exists, and its columns. */
export interface Rights {
  see: boolean;
  read: boolean;
  write: boolean;
}
type Lists = { read: string[]; write: string[] };

const ALL: Rights = { see: true, read: true, write: true };
const NONE: Rights = { see: false, read: false, write: false };

/**
 * Returns the rights of an actor on a table. Its role lists grant reading and writing of rows; an empty list means developers, and admins
 * are always allowed. A handler has only these rights, with the roles of its executor. In the admin API, developers may also read and
 * write every table, and users with a built-in role may read its definition.
 */
export function rightsOf(actor: Actor, table: Lists): Rights {
  if (actor.kind !== 'user') return actor.kind === 'system' ? ALL : NONE;
  const has = (role: string): boolean => actor.roles.includes(role);
  if (has('admin')) return ALL;
  if (!actor.executing && has('developer')) return ALL;
  const may = (list: string[]): boolean => (list.length === 0 ? has('developer') : list.some(has));
  const [read, write] = [may(table.read), may(table.write)];
  const looks = !actor.executing && (has('operator') || has('viewer'));
  return { see: read || write || looks, read, write };
}

/** Returns the same rule as a filter for storage; null means all tables. */
export function viewerOf(actor: Actor): Viewer | null {
  if (actor.kind !== 'user') return actor.kind === 'system' ? null : { roles: [], open: false };
  const { roles, executing } = actor;
  const all = executing ? ['admin'] : ['admin', 'developer', 'operator', 'viewer'];
  return roles.some((role) => all.includes(role)) ? null : { roles, open: roles.includes('developer') };
}
