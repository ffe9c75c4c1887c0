import * as z from 'zod';
import { parseAddressRange } from '../../../kernel/address-range.rules';
import { optionalFields } from '../../../kernel/fields';
import { METHODS } from '../../../kernel/http-methods';
import { ExpiryFilter, PageQuery } from '../../../kernel/page';
import { RoleName } from '../roles/role.schema';
import { customKeyIssue } from './key-value.rules';

const KeyValue = z.string().superRefine((value, ctx) => {
  const message = customKeyIssue(value);
  if (message !== null) ctx.addIssue({ code: 'custom', message, params: { code: 'weak_key' } });
});

export const AddressRange = z
  .string()
  .max(50)
  .refine(
    (text) => parseAddressRange(text) !== null,
    'must be an address, or a range such as 192.0.2.0/24 or 2001:db8::/32',
  );

/** Maximum seconds for which a replaced value continues to work. */
const MAX_GRACE_SECONDS = 30 * 86_400;

const names = (chars: number) => z.array(z.string().min(1).max(chars)).max(100);

const SCOPES = {
  endpoints: names(260)
    .meta({ description: 'Paths as endpoints have them, `orders/:id`, or their start: `orders/*`' })
    .default([]),
  folders: names(200).meta({ description: 'Folders, and with `/*` those below: `shop/*`' }).default([]),
  methods: z.array(z.enum(METHODS)).max(METHODS.length).default([]),
};
const CALLS = z.int().min(1).max(1_000_000_000).nullable().default(null);
const QUOTA = { perDay: CALLS, perMonth: CALLS };

/** Settings of a key that are columns of the same name. */
export const KEY_SETTINGS = {
  alias: z.string().min(1).max(200),
  active: z.boolean().default(true),
  scopes: z
    .strictObject(SCOPES)
    .meta({ description: 'What it may call of the endpoints that accept it; empty lists: all' })
    .prefault({}),
  roles: z
    .array(RoleName)
    .max(50)
    .meta({ description: 'With roles, it must satisfy `access.roles` of endpoints as a user does' })
    .default([]),
  addresses: z
    .array(AddressRange)
    .max(100)
    .meta({ description: 'Addresses and ranges from which it may be used; none: any' })
    .default([]),
  quota: z.strictObject(QUOTA).meta({ description: 'Calls in a day and a month of UTC' }).prefault({}),
};
const fields = { ...KEY_SETTINGS, expiresAt: z.iso.datetime({ offset: true }).nullable().default(null) };

/** As stored: settings added after the key was last saved are missing. */
export type KeyScopes = Partial<z.output<z.ZodObject<typeof SCOPES>>>;
export type KeyQuota = Partial<z.output<z.ZodObject<typeof QUOTA>>>;

export const CreateKeyInput = z.strictObject({
  ...fields,
  key: KeyValue.optional().meta({ description: 'A value of your own. Default: a generated one' }),
});
export type CreateKeyInput = z.infer<typeof CreateKeyInput>;

export const UpdateKeyInput = z
  .strictObject({
    ...optionalFields(fields),
    key: z
      .union([z.literal(true), KeyValue])
      .optional()
      .meta({ description: 'Replaces the value: by this one, or by a generated one when true' }),
    graceSeconds: z
      .int()
      .min(0)
      .max(MAX_GRACE_SECONDS)
      .optional()
      .meta({ description: 'Seconds for which the replaced value continues to work. Default: 0' }),
  })
  .refine(({ key, graceSeconds }) => graceSeconds === undefined || key !== undefined, {
    path: ['graceSeconds'],
    message: 'requires `key`: it is the time of the value that `key` replaces',
  });
export type UpdateKeyInput = z.infer<typeof UpdateKeyInput>;

const time = z.iso.datetime().nullable();

export const Key = z.object({
  id: z.string(),
  alias: z.string(),
  prefix: z.string().nullable().meta({ description: 'Start of a generated value, to tell keys apart' }),
  active: z.boolean(),
  expiresAt: time,
  scopes: z.object(SCOPES),
  roles: z.array(z.string()),
  addresses: z.array(z.string()),
  quota: z.object(QUOTA),
  lastUsedAt: time.meta({
    description: 'Last call with the value, also one that was then refused; at most an hour old; null: never used',
  }),
  previous: z
    .object({ until: z.iso.datetime(), lastUsedAt: time })
    .nullable()
    .meta({ description: 'The replaced value, while it continues to work' }),
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

export const KeyFilter = z.strictObject({
  q: z.string().min(1).max(200).optional().meta({ description: 'Text in the alias, or in the start of the value' }),
  state: z
    .enum(['valid', 'off', 'expired'])
    .optional()
    .meta({ description: 'off: switched off, expired or not; expired: on, and past its time' }),
  unusedSince: z.iso
    .datetime({ offset: true })
    .optional()
    .meta({ description: 'Neither created nor used at or after this time; a use is noted once an hour' }),
  ...ExpiryFilter.shape,
  hasDailyQuota: z.literal('true').optional(),
});
export type KeyFilter = z.infer<typeof KeyFilter>;

export const ListKeysQuery = z.strictObject({ ...PageQuery.shape, ...KeyFilter.shape });
export type ListKeysQuery = z.infer<typeof ListKeysQuery>;
