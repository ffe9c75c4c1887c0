import { createLogger } from '../../../kernel/logger';
import { unavailable } from '../../../kernel/errors';
import type { Context } from '../../access/context';
import { fetchJson, ownRequestIssue } from '../../egress/own-request';
import { Discovered } from './discovered.schema';

/** Time for which a document is used. */
const FRESH_MS = 600_000;
/** Seconds after a failure until a document is read again: callers of public routes must not make an isolate ask more often. */
const RETRY_SECONDS = 10;

const log = createLogger('identity');

/**
 * Returns the discovery document of an issuer, which an isolate reads again after 10 minutes, or 10 s after a failure. It must name this
 * issuer, and URLs that this service may reach. Throws 503 otherwise.
 */
export function discover(ctx: Context, issuer: string): Promise<Discovered> {
  const { discovered } = ctx.cache;
  const now = ctx.now();
  const held = discovered.get(issuer);
  if (held && now < held.until) return held.reading;
  const reading = readDocument(ctx, issuer);
  discovered.set(issuer, { reading, until: now + FRESH_MS });
  // Others wait for it when the request that asked is canceled.
  ctx.defer(reading.catch(() => void discovered.set(issuer, { reading, until: now + RETRY_SECONDS * 1000 })));
  return reading;
}

async function readDocument(ctx: Context, issuer: string): Promise<Discovered> {
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
