import type { Context } from '../../access/context';
import { hasValueForm, isKeyForm } from '../keys/key-value.rules';
import { readSessionSecret } from '../sessions/session-secret';
import { isJwtForm, readJwt } from './jwt';

/** The parts of the context that verify a signature. */
type Verifier = Pick<Context, 'now'> & { settings: Pick<Context['settings'], 'authSecret'> };

/** A recipient of credentials, for hints to callers that sent a valid credential to the wrong place. */
export interface CredentialPlace {
  /** The accepted credentials, as a sentence. */
  takes: string;
  kinds: readonly CredentialKind[];
  /** The schemes that `Authorization` may have, in lower case. */
  schemes: readonly string[];
  takesApiKeys?: true;
}

type CredentialKind = 'accessToken' | 'endpointToken' | 'namedToken' | 'graphToken' | 'refreshToken';
const WHAT: Record<CredentialKind, string> = {
  accessToken: 'an access token of the admin API',
  endpointToken: 'an endpoint token, which is valid for published endpoints only',
  namedToken: 'a named token, which is valid for published endpoints and for the API of Instabase',
  graphToken: "a token of PLynx's API, which is valid there only",
  refreshToken: 'a refresh token, which is valid for POST /admin/session/refresh only',
};
/**
 * Returns what is wrong with a credential that was refused at `place`, for who sent a good one to the wrong place, or null when that is not so.
 * Hints from the form alone (a missing scheme, an API key) depend on no secret. The kind of a token is named only when its signature is
 * valid, so a made-up token reveals nothing.
 */
export async function explainCredential(
  ctx: Verifier,
  place: CredentialPlace,
  { authorization, apiKey = null }: { authorization: string | null; apiKey?: string | null },
): Promise<string | null> {
  if (authorization === null) {
    if (apiKey === null) return null;
    if (isJwtForm(apiKey)) return `This looks like a token: send it as Authorization: Bearer <token>. ${place.takes}`;
    return place.takesApiKeys ? null : `API keys are valid for published endpoints only. ${place.takes}`;
  }
  const [, scheme = '', value = authorization.trim()] = /^([A-Za-z]+) +(\S+)$/.exec(authorization) ?? [];
  return explainValue(ctx, place, scheme.toLowerCase(), value);
}

const SEND_SCHEME = 'Send the token with its scheme: Authorization: Bearer <token>.';

async function explainValue(
  ctx: Verifier,
  place: CredentialPlace,
  scheme: string,
  value: string,
): Promise<string | null> {
  if (value.startsWith('ptk_') && isKeyForm(value))
    return `This looks like an API key: send it to a published endpoint, as x-api-key. ${place.takes}`;
  if (hasValueForm('ptc_', value) && !place.kinds.includes('accessToken'))
    return `This looks like a personal token, which is valid for the admin API only. ${place.takes}`;
  const found = await kindOf(ctx, value);
  const isAtHome = found !== null && place.kinds.includes(found.kind);
  if (found !== null && !isAtHome) return `This is ${WHAT[found.kind]}. ${place.takes}`;
  const isOtherScheme = isAtHome && !found.isExpired && !place.schemes.includes(scheme);
  if (isOtherScheme || (scheme === '' && isJwtForm(value)))
    return place.schemes.includes('bearer') ? SEND_SCHEME : place.takes;
  if (scheme === 'basic' && !place.schemes.includes('basic')) return `HTTP Basic is not supported here. ${place.takes}`;
  return found?.isExpired ? 'The token has expired. Refresh it, sign in again, or ask for a new one.' : null;
}

async function kindOf(
  { settings, now }: Verifier,
  value: string,
): Promise<{ kind: CredentialKind; isExpired: boolean } | null> {
  const { authSecret } = settings;
  if (authSecret === null) return null;
  if (readSessionSecret(authSecret, 'refresh', value) !== null) return { kind: 'refreshToken', isExpired: false };
  const read = await readJwt(authSecret, value, now());
  if (read === null) return null;
  const { audience, claims, isExpired } = read;
  if (audience === 'admin') return { kind: 'accessToken', isExpired };
  if (audience === 'graphs') return { kind: 'graphToken', isExpired };
  return { kind: claims.sid === undefined ? 'namedToken' : 'endpointToken', isExpired };
}
