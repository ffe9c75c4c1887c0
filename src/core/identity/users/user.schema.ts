import * as z from 'zod';
import { optionalFields } from '../../../kernel/fields';
import { PageQuery } from '../../../kernel/page';
import { RoleNames } from '../roles/role.schema';
import { MAX_PASSWORD, passwordIssue } from './password.rules';

/** ASCII only: names that look equal must be equal, and D1's lower() handles no other letters. An email address is a valid name. */
const UserName = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._@+-]{0,127}$/,
    'must be 1 to 128 of A-Z a-z 0-9 . _ @ + -, starting with a letter or digit',
  );

export const NewPassword = z
  .string()
  .max(MAX_PASSWORD)
  .superRefine((password, ctx) => {
    const message = passwordIssue(password);
    if (message !== null) ctx.addIssue({ code: 'custom', message, params: { code: 'weak_password' } });
  });

const fields = {
  name: UserName.meta({ description: 'Unique, whatever its case' }),
  password: NewPassword,
  roles: RoleNames.default([]),
  active: z.boolean().default(true),
};

export const CreateUserInput = z.strictObject(fields);
export type CreateUserInput = z.infer<typeof CreateUserInput>;

export const BootstrapInput = CreateUserInput.pick({ name: true, password: true });
export type BootstrapInput = z.infer<typeof BootstrapInput>;

export const UpdateUserInput = z.strictObject({
  ...optionalFields(fields),
  password: fields.password.optional().meta({ description: 'Ends the sessions of this user' }),
  active: fields.active.unwrap().optional().meta({ description: 'false ends the sessions of this user' }),
});
export type UpdateUserInput = z.infer<typeof UpdateUserInput>;

export const Password = z.string().min(1).max(MAX_PASSWORD);
export const ChangePasswordInput = z.strictObject({ password: Password, newPassword: NewPassword });
export type ChangePasswordInput = z.infer<typeof ChangePasswordInput>;

export const ListUsersQuery = PageQuery;
export type ListUsersQuery = z.infer<typeof ListUsersQuery>;

export const User = z.object({
  id: z.string(),
  name: z.string(),
  active: z.boolean(),
  roles: z.array(z.string()),
  revision: z.int(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type User = z.infer<typeof User>;
