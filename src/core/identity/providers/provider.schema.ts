import * as z from 'zod';
import { RoleName } from '../roles/role.schema';

/** Providers of a service. The page to sign in shows a button for each. */
export const MAX_PROVIDERS = 20;
/** Roles that a user has. */
const MAX_ROLES = 20;

export const ProviderName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'must be 1 to 32 of a-z 0-9 -');

const Group = z.string().min(1).max(200);

const Admit = z
  .strictObject({
    everyone: z
      .boolean()
      .default(false)
      .meta({ description: 'Everyone whom the provider signs in. Never for one with which anyone can register' }),
    domains: z
      .array(z.string().regex(/^(?=.{1,253}$)([a-z0-9-]+\.)+[a-z0-9-]+$/, 'must be a lower case domain'))
      .max(50)
      .default([])
      .meta({ description: 'Domains of e-mail addresses that the provider has verified, without subdomains' }),
    groups: z.array(Group).max(100).default([]),
  })
  .refine(
    ({ everyone, domains, groups }) => everyone || domains.length > 0 || groups.length > 0,
    'must have a domain, a group, or `everyone`: true',
  );

const fields = {
  label: z.string().trim().min(1).max(64).meta({ description: 'Text of the button, after `Sign in with`' }),
  issuer: z
    .string()
    .max(500)
    .refine((text) => URL.canParse(text) && !/[?#]/.test(text), 'must be a URL without query and fragment')
    .meta({ description: 'URL below which the provider has `/.well-known/openid-configuration`' }),
  clientId: z.string().min(1).max(500),
  scopes: z
    .array(z.string().regex(/^[!#-[\]-~]{1,200}$/, 'must be 1 to 200 printable characters without spaces'))
    .max(20)
    .refine((scopes) => scopes.includes('openid'), 'must have openid')
    .default(['openid', 'profile', 'email']),
  groupsClaim: z.string().min(1).max(200).default('groups').meta({
    description: 'Claim of the ID token with the groups: a name, or a path such as `realm_access.roles`',
  }),
  roles: z
    .record(Group, RoleName)
    .refine((map) => Object.keys(map).length <= 100, 'must have at most 100 groups')
    .refine((map) => new Set(Object.values(map)).size <= MAX_ROLES, `must have at most ${MAX_ROLES} roles`)
    .default({})
    .meta({ description: 'Roles by group. A user has exactly these from each sign-in on' }),
  admit: Admit.meta({ description: 'Who may sign in: people who fit one of these' }),
  sessionHours: z
    .int()
    .min(1)
    .max(168)
    .default(12)
    .meta({ description: 'Lifetime of a session, at most that of a cookie' }),
};

/** The settings of a provider, as stored. */
export const ProviderSettings = z.strictObject(fields);
export type ProviderSettings = z.output<typeof ProviderSettings>;

export const PutProviderInput = z.strictObject({
  ...fields,
  active: z.boolean().default(true).meta({ description: 'false: not offered; ends the sessions of its users' }),
  clientSecret: z.string().min(1).max(4096).nullable().optional().meta({
    description: 'Write-only. null: a public client, which proves itself by PKCE alone. Default: unchanged, or null',
  }),
});
export type PutProviderInput = z.output<typeof PutProviderInput>;

/** A client secret, encrypted under the revision `version` of its provider. Nonce and ciphertext in base64. */
export interface SealedSecret {
  version: number;
  iv: string;
  ciphertext: string;
}

/** A provider as the API shows it. */
export const Provider = z.object({
  name: z.string(),
  ...ProviderSettings.shape,
  active: z.boolean(),
  hasClientSecret: z.boolean(),
  redirectUri: z.string().meta({ description: 'To be registered at the provider' }),
  revision: z.int(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type Provider = z.output<typeof Provider>;

/** A provider on the page to sign in. */
export const OfferedProvider = z.object({ name: z.string(), label: z.string() });
export type OfferedProvider = z.infer<typeof OfferedProvider>;

export const AuthorizationInput = z.strictObject({ provider: ProviderName });

/** Address at which a browser signs in, and values that it keeps until it returns. */
export const Authorization = z.object({
  url: z.string().meta({ description: 'Page of the provider to which the browser goes' }),
  flow: z.string().meta({ description: 'For POST /admin/session/cookie, within 10 minutes, once' }),
});
export type Authorization = z.infer<typeof Authorization>;

/** Values of a browser after it returns from a provider. */
export const AuthorizedInput = z.strictObject({
  provider: ProviderName,
  flow: z.string().min(1).max(256).meta({ description: 'From POST /admin/session/authorization' }),
  code: z.string().min(1).max(4096),
  state: z.string().min(1).max(256),
  iss: z.string().max(500).optional().meta({ description: 'As the provider has sent it (RFC 9207)' }),
});
export type AuthorizedInput = z.output<typeof AuthorizedInput>;

const Subject = z.string().min(1).max(255);

/** An account at a provider with which a user signs in. */
export const UserIdentity = z.object({ provider: z.string(), subject: z.string(), createdAt: z.iso.datetime() });
export type UserIdentity = z.infer<typeof UserIdentity>;

export const UserIdentityInput = z.strictObject({
  provider: ProviderName,
  subject: Subject.meta({ description: 'The claim `sub` of the user at this provider' }),
});
export type UserIdentityInput = z.output<typeof UserIdentityInput>;
