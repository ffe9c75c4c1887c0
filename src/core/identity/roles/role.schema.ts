import * as z from 'zod';
import { optionalFields } from '../../../kernel/fields';
import { PageQuery } from '../../../kernel/page';

export const RoleName = z
  .string()
  .regex(/^[a-z][a-z0-9_-]{0,63}$/, 'must be lower case letters, digits, _ or -, starting with a letter');

/** The roles of a user or a token, without duplicates. `assertRolesExist` checks that they exist. */
export const RoleNames = z
  .array(RoleName)
  .max(20)
  .overwrite((names) => [...new Set(names)]);

/** The fields of a role that an update may change. */
const fields = { description: z.string().max(1000).default('') };

export const CreateRoleInput = z.strictObject({ name: RoleName, ...fields });
export type CreateRoleInput = z.infer<typeof CreateRoleInput>;

export const UpdateRoleInput = z.strictObject(optionalFields(fields));
export type UpdateRoleInput = z.infer<typeof UpdateRoleInput>;

export const ListRolesQuery = PageQuery;
export type ListRolesQuery = z.infer<typeof ListRolesQuery>;

export const Role = z.object({
  name: z.string(),
  description: z.string(),
  builtIn: z.boolean().meta({ description: 'Built-in roles grant permissions of the admin API and cannot change' }),
  revision: z.int(),
  createdAt: z.iso.datetime().nullable().meta({ description: 'null for built-in roles' }),
});
export type Role = z.infer<typeof Role>;
