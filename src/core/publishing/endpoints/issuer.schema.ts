import * as z from 'zod';
import { publicUrlIssue } from '../../egress/public-url.rules';
import { PublicUrl } from '../../egress/public-url.schema';
import { ALGORITHMS } from '../../identity/issuers/algorithms';
import { RoleName } from '../../identity/roles/role.schema';

const RoleClaims = z.strictObject({
  claim: z
    .string()
    .min(1)
    .max(200)
    .meta({ description: 'Claim with the roles, such as `roles` or `app_metadata.roles`' }),
  map: z
    .record(z.string().min(1).max(200), RoleName)
    .refine((map) => Object.keys(map).length <= 100, 'must have at most 100 values')
    .meta({ description: 'Roles by value of the claim' }),
});

/** Somebody else who signs in the callers of an endpoint, and vouches for them with a token. */
export const Issuer = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'must be 1 to 32 of a-z 0-9 -')
    .meta({ description: 'Begins the ids of its callers' }),
  issuer: z.string().min(1).max(500).meta({ description: 'The claim `iss`, exactly' }),
  jwksUrl: PublicUrl.nullable()
    .meta({ description: 'URL of its public keys. Default: `<issuer>/.well-known/jwks.json`' })
    .default(null),
  audience: z
    .array(z.string().min(1).max(500))
    .max(10)
    .meta({ description: 'Accepted values of the claim `aud`; none: any, for an issuer that has no other audiences' }),
  algorithms: z.array(z.enum(ALGORITHMS)).min(1).max(9).default(['RS256', 'ES256']),
  roles: RoleClaims.nullable().default(null),
});
export type Issuer = z.output<typeof Issuer>;

/** Issuers of an endpoint by their claim `iss`. */
export type Issuers = ReadonlyMap<string, Issuer>;

/** Returns the roles that values of claims stand for. */
export const rolesOfIssuers = (issuers: readonly Issuer[]): string[] => [
  ...new Set(issuers.flatMap(({ roles }) => Object.values(roles?.map ?? {}))),
];

/** Returns the URL of an issuer's keys. */
export const keysUrlOf = ({ issuer, jwksUrl }: Pick<Issuer, 'issuer' | 'jwksUrl'>): string =>
  jwksUrl ?? `${issuer.replace(/\/$/, '')}/.well-known/jwks.json`;

/** Returns why the keys of an issuer without `jwksUrl` cannot be fetched, or null. */
export const issuerUrlIssue = (issuer: Pick<Issuer, 'issuer' | 'jwksUrl'>): string | null =>
  issuer.jwksUrl === null ? publicUrlIssue(keysUrlOf(issuer)) : null;

/** An issuer over all endpoints. */
export const UsedIssuer = z.object({
  issuer: z.string().meta({ description: 'The claim `iss`' }),
  names: z.array(z.string()).meta({ description: 'Its names at these endpoints' }),
  endpoints: z.int().meta({ description: 'Number of endpoints that its tokens open' }),
  anyAudience: z.int().meta({ description: 'Number of those that accept its tokens for any audience' }),
});
export const UsedIssuers = z.object({
  items: z.array(UsedIssuer).meta({ description: 'By `issuer`; at most 1,000' }),
  more: z.boolean().meta({ description: 'True when there are more' }),
});
export type UsedIssuers = z.infer<typeof UsedIssuers>;
