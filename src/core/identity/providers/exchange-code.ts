import type { JWTPayload } from 'jose';
import { ApiError, unavailable } from '../../../kernel/errors';
import { toBase64 } from '../../../kernel/encoding';
import { isObject } from '../../../kernel/json.rules';
import { isSameSecret } from '../../../kernel/signed';
import type { Context } from '../../access/context';
import { BEARER } from '../../access/permissions';
import { open } from '../../access/seal';
import { fetchJson } from '../../egress/own-request';
import { ALGORITHMS } from '../issuers/algorithms';
import { tokenIssue, verifyToken } from '../issuers/verify-token';
import { noteAttempt } from '../sessions/note-attempt';
import type { ReturnedFlow } from './authorization';
import { discover } from './discover';
import type { Discovered } from './discovered.schema';
import { redirectUri } from './get-provider';
import { sealName } from './put-provider';

/** Characters of an ID token, which may have many groups. */
const MAX_CHARS = 65_536;

/** Throws the refusal of a sign-in with a provider, and notes the reason in the audit trail. */
export function refuseFlow(
  ctx: Context,
  { provider }: Pick<ReturnedFlow, 'provider'>,
  reason: string,
  error: ApiError = didNotWork(provider.settings.label),
): never {
  noteAttempt(ctx, 'session.refuse', null, { by: `provider ${provider.name}`, reason });
  throw error;
}

const didNotWork = (label: string): ApiError =>
  new ApiError(
    'invalid_token',
    `Signing in with ${label} did not work. The audit trail has the reason: ask an admin.`,
    { headers: BEARER },
  );

/**
 * Exchanges the code of a provider for an ID token, and returns its claims. Throws 401 `invalid_token` for a code or a token that is not
 * accepted, and 503 where the provider is unavailable.
 */
export async function exchangeCode(
  ctx: Context,
  returned: ReturnedFlow,
  { code, iss }: { code: string; iss?: string | undefined },
): Promise<JWTPayload & { sub: string }> {
  const { issuer, clientId } = returned.provider.settings;
  const found = await discover(ctx, issuer);
  // RFC 9207: the answer of another provider must not bring a code here.
  if (iss === undefined ? found.authorization_response_iss_parameter_supported : iss !== issuer)
    refuseFlow(ctx, returned, 'the answer is that of another issuer');
  const token = await idTokenOf(ctx, returned, found, code);
  const expected = { issuer, keysUrl: found.jwks_uri, audience: [clientId], algorithms: ALGORITHMS };
  const claims = await verifyToken(ctx, expected, token).catch((error: unknown) => {
    if (error instanceof ApiError) throw error;
    return refuseFlow(ctx, returned, `the ID token is refused: ${tokenIssue(error)}`);
  });
  if (typeof claims.nonce !== 'string' || !isSameSecret(claims.nonce, returned.nonce))
    refuseFlow(ctx, returned, 'the ID token is refused: its nonce is that of another sign-in');
  if (claims.azp === undefined ? Array.isArray(claims.aud) && claims.aud.length > 1 : claims.azp !== clientId)
    refuseFlow(ctx, returned, 'the ID token is refused: it was issued to another client');
  return claims;
}

async function idTokenOf(ctx: Context, returned: ReturnedFlow, found: Discovered, code: string): Promise<string> {
  const { headers, fields } = await authenticate(ctx, returned, found);
  const body = new URLSearchParams({
    grant_type: 'authorization_code',
    code,
    redirect_uri: redirectUri(ctx),
    code_verifier: returned.verifier,
    ...fields,
  });
  const { status, value } = await fetchJson(ctx, new URL(found.token_endpoint), {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
    body: body.toString(),
  }).catch((): never => {
    throw unavailable('The identity provider does not respond.', 10);
  });
  if (status >= 500) throw unavailable('The identity provider does not respond.', 10);
  if (status !== 200) return refuseFlow(ctx, returned, `the provider refuses the code (status ${status})`);
  const token = isObject(value) ? value.id_token : undefined;
  if (typeof token !== 'string' || token.length > MAX_CHARS)
    return refuseFlow(ctx, returned, 'the provider returned no ID token of at most 65,536 characters');
  return token;
}

/** Returns how this client proves itself: by its secret, in the header unless the provider wants it in the body, or not at all. */
async function authenticate(
  ctx: Context,
  { provider: { name, secret, settings } }: ReturnedFlow,
  found: Discovered,
): Promise<{ headers: Record<string, string>; fields: Record<string, string> }> {
  const { clientId } = settings;
  if (secret === null) return { headers: {}, fields: { client_id: clientId } };
  const value = await open(ctx.settings, sealName(name), secret.version, secret);
  if (!found.token_endpoint_auth_methods_supported.includes('client_secret_basic'))
    return { headers: {}, fields: { client_id: clientId, client_secret: value } };
  const pair = [clientId, value].map(encodeURIComponent).join(':');
  return { headers: { authorization: `Basic ${toBase64(new TextEncoder().encode(pair))}` }, fields: {} };
}
