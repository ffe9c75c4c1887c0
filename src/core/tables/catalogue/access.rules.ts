import type { Viewer } from '../../../storage/tables';
import type { Actor } from '../../access/actor';

/** What somebody may do with one table. `see`: know that it exists, and its columns. */
export interface Rights {
  see: boolean;
  read: boolean;
  write: boolean;
}
type Lists = { read: string[]; write: string[] };

const ALL: Rights = { see: true, read: true, write: true };
const NONE: Rights = { see: false, read: false, write: false };

/**
 * The role lists of a table say who may read and write its rows; an empty list means developers, and admins always may. For a handler
 * that is all, and it is the executor's roles that count. A person who works on tables through the admin API has more: developers
 * may read and write every table, and everybody with a built-in role may look at its definition.
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

/** The same rule for a whole list, for storage to apply; null: all tables. */
export function viewerOf(actor: Actor): Viewer | null {
  if (actor.kind !== 'user') return actor.kind === 'system' ? null : { roles: [], open: false };
  const { roles, executing } = actor;
  const all = executing ? ['admin'] : ['admin', 'developer', 'operator', 'viewer'];
  return roles.some((role) => all.includes(role)) ? null : { roles, open: roles.includes('developer') };
}
