import * as z from 'zod';
import { optionalFields } from '../../../kernel/fields';
import { PageQuery } from '../../../kernel/page';
import { customKeyIssue } from './key-value.rules';

const KeyValue = z.string().superRefine((value, ctx) => {
  const message = customKeyIssue(value);
  if (message !== null) ctx.addIssue({ code: 'custom', message, params: { code: 'weak_key' } });
});

const fields = {
  alias: z.string().min(1).max(200),
  active: z.boolean().default(true),
  expiresAt: z.iso.datetime({ offset: true }).nullable().default(null),
};

export const CreateKeyInput = z.strictObject({
  ...fields,
  key: KeyValue.optional().meta({ description: 'A value of your own. Default: a generated one' }),
});
export type CreateKeyInput = z.infer<typeof CreateKeyInput>;

export const UpdateKeyInput = z.strictObject({
  ...optionalFields(fields),
  key: z
    .union([z.literal(true), KeyValue])
    .optional()
    .meta({ description: 'Replaces the value: by this one, or by a generated one when true' }),
});
export type UpdateKeyInput = z.infer<typeof UpdateKeyInput>;

export const Key = z.object({
  id: z.string(),
  alias: z.string(),
  prefix: z.string().nullable().meta({ description: 'Start of a generated value, to tell keys apart' }),
  active: z.boolean(),
  expiresAt: z.iso.datetime().nullable(),
  revision: z.int(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  createdBy: z.string(),
});
export type Key = z.infer<typeof Key>;

/** The response to a creation or replacement, the only one that ever has the value. */
export const KeyWithValue = z.object({
  ...Key.shape,
  key: z.string().nullable().meta({ description: 'The value. It is not shown again.' }),
});
export type KeyWithValue = z.infer<typeof KeyWithValue>;

export const ListKeysQuery = PageQuery;
export type ListKeysQuery = z.infer<typeof ListKeysQuery>;
