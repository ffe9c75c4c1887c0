import { toIso } from '../../../kernel/clock';
import type { UserRow } from '../../../storage/users';
import type { User } from './user.schema';

/** A user as the API shows them. Field by field, so that a row read with its password hash leaves without it. */
export const toUser = (row: UserRow): User => ({
  id: row.id,
  name: row.name,
  active: row.active,
  roles: row.roles,
  revision: row.revision,
  createdAt: toIso(row.createdAt),
  updatedAt: toIso(row.updatedAt),
});
