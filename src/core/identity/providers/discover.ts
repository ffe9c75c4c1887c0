import * as z from 'zod';
import { createLogger } from '../../../kernel/logger';
import { unavailable } from '../../../kernel/errors';
import type { Context } from '../../access/context';
import { fetchJson, ownRequestIssue } from '../../egress/own-request';

/** Seconds after which a client tries again. */
const RETRY_SECONDS = 10;

const log = createLogger('identity');

/** The fields of a discovery document that a sign-in uses. */
const Discovered = z.object({
  issuer: z.string(),
  authorization_endpoint: z.url().max(2000),
  token_endpoint: z.url().max(2000),
  jwks_uri: z.url().max(2000),
  token_endpoint_auth_methods_supported: z.array(z.string()).max(100).default(['client_secret_basic']),
  authorization_response_iss_parameter_supported: z.boolean().default(false),
});
export type Discovered = z.output<typeof Discovered>;

/**
 * Reads the discovery document of an issuer. It must name this issuer, and URLs that this service may reach. Throws 503 otherwise, and logs
 * why.
 */
export async function discover(ctx: Context, issuer: string): Promise<Discovered> {
  try {
    const url = new URL(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
    const { status, value } = await fetchJson(ctx, url);
    if (status !== 200) throw new Error(`status ${status}`);
    const found = Discovered.parse(value);
    if (found.issuer !== issuer) throw new Error('the document is that of another issuer');
    for (const field of ['authorization_endpoint', 'token_endpoint', 'jwks_uri'] as const) {
      const issue = ownRequestIssue(new URL(found[field]), ctx.settings);
      if (issue !== null) throw new Error(`${field}: ${issue}`);
    }
    return found;
  } catch (error) {
    log.for(ctx).error('an identity provider cannot be used', { event: 'provider.unreachable', issuer, error });
    throw unavailable('The identity provider cannot be reached.', RETRY_SECONDS);
  }
}
