import * as z from 'zod';
import { PageQuery } from '../../../kernel/page';
import { SecretName } from '../../code/secret-name.schema';

export const PutSecretInput = z.strictObject({
  value: z
    .string()
    .min(1)
    .max(16_384)
    .optional()
    .meta({ description: 'Required for a new secret. Default: unchanged' }),
  description: z.string().max(1000).optional().meta({ description: 'Default: unchanged, or empty' }),
  roles: z.array(z.string().max(64)).max(50).optional().meta({
    description:
      'Roles whose users may use it as executors, replace and delete it; empty: every executor, every developer. Admins always may. Default: unchanged, or empty.',
  }),
});
export type PutSecretInput = z.infer<typeof PutSecretInput>;

/** A secret as the API shows it. The value is write-only. */
export const Secret = z.object({
  name: z.string(),
  description: z.string(),
  roles: z.array(z.string()),
  version: z.int().meta({ description: 'Number of values that it has had' }),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type Secret = z.infer<typeof Secret>;

export const SecretParams = z.strictObject({ name: SecretName });
export const ListSecretsQuery = PageQuery;
