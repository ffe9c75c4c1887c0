import * as z from 'zod';

/** Maximum days for which a token is valid, and the default. */
export const MAX_DAYS = 366;
export const DEFAULT_DAYS = 90;
/** Tokens of one user that are valid at once. */
export const MAX_TOKENS = 100;

const scopes = z
  .array(z.enum(['read', 'deploy', 'runs', 'admin-tools']))
  .min(1)
  .overwrite((list) => [...new Set(list)]);

export const CreatePersonalTokenInput = z.strictObject({
  name: z.string().min(1).max(200),
  scopes: scopes.meta({
    description:
      'read: definitions. deploy: these, pushes of projects, handlers and endpoints. runs: records of calls. admin-tools: tools of /mcp that read definitions and runs, and test endpoints. Never more than your roles permit at the time of use',
  }),
  days: z.int().min(1).max(MAX_DAYS).default(DEFAULT_DAYS).meta({ description: 'Days until it expires' }),
});
export type CreatePersonalTokenInput = z.output<typeof CreatePersonalTokenInput>;

export const PersonalToken = z.object({
  id: z.string(),
  name: z.string(),
  user: z.string().meta({ description: 'Id of the user for whom it acts' }),
  prefix: z.string().meta({ description: 'Start of the value, to tell tokens apart' }),
  scopes: z.array(z.string()),
  expiresAt: z.iso.datetime(),
  createdAt: z.iso.datetime(),
});
export type PersonalToken = z.output<typeof PersonalToken>;

/** The response to a creation, the only one that ever has the value. */
export const PersonalTokenWithValue = z.object({
  ...PersonalToken.shape,
  token: z.string().nullable().meta({
    description: 'Sent as `Authorization: Bearer <token>`. It is not shown again; null in a replayed response.',
  }),
});
export type PersonalTokenWithValue = z.output<typeof PersonalTokenWithValue>;
