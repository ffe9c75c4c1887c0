import * as z from 'zod';
import { optionalFields } from '../../../kernel/fields';
import { ExpiryFilter, PageQuery } from '../../../kernel/page';
import { RoleNames } from '../roles/role.schema';

const Executor = z.string().min(1).max(128);

const fields = {
  name: z.string().min(1).max(200),
  roles: RoleNames.meta({
    description:
      "Roles that endpoints check. A built-in one also allows the token to manage endpoints over Instabase's API",
  }).default([]),
  expiresAt: z.iso
    .datetime({ offset: true })
    .nullable()
    .meta({ description: 'null: valid until it is revoked' })
    .default(null),
};

export const CreateTokenInput = z.strictObject({
  ...fields,
  executor: Executor.optional().meta({
    description:
      'Id or name of the executor of the endpoints that the token creates, who must not have other roles than the token. Default: you, if you have no others; else a new user with the roles of the token and without a password',
  }),
});
export type CreateTokenInput = z.infer<typeof CreateTokenInput>;

export const UpdateTokenInput = z.strictObject({
  ...optionalFields(fields),
  executor: Executor.nullable()
    .optional()
    .meta({ description: 'Id or name of a user; null: the creator of the token' }),
});
export type UpdateTokenInput = z.infer<typeof UpdateTokenInput>;

export const ListTokensQuery = z.strictObject({ ...PageQuery.shape, ...ExpiryFilter.shape });
export type ListTokensQuery = z.infer<typeof ListTokensQuery>;

export const Token = z.object({
  id: z.string(),
  name: z.string(),
  roles: z.array(z.string()),
  executor: z.string().nullable().meta({ description: 'Id of a user; null: the creator of the token' }),
  expiresAt: z.iso.datetime().nullable(),
  revision: z.int(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  createdBy: z.string(),
});
export type Token = z.infer<typeof Token>;

/** The response to a creation, the only one that ever has the value. */
export const TokenWithValue = z.object({
  ...Token.shape,
  token: z.string().nullable().meta({
    description: 'Sent as `Authorization: Bearer <token>`. It is not shown again; null in a replayed response.',
  }),
});
export type TokenWithValue = z.infer<typeof TokenWithValue>;
