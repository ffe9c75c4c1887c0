import * as z from 'zod';

/** The fields of a discovery document that a sign-in uses. */
export const Discovered = z.object({
  issuer: z.string(),
  authorization_endpoint: z.url().max(2000),
  token_endpoint: z.url().max(2000),
  jwks_uri: z.url().max(2000),
  token_endpoint_auth_methods_supported: z.array(z.string()).max(100).default(['client_secret_basic']),
  authorization_response_iss_parameter_supported: z.boolean().default(false),
});
export type Discovered = z.output<typeof Discovered>;

/** The last attempt to read the document of an issuer, and the time, in Unix milliseconds, until which its result is used. */
export interface HeldDiscovery {
  reading: Promise<Discovered>;
  until: number;
}
