import { ApiError } from '../../../kernel/errors';
import { newId, readId } from '../../../kernel/ids';
import { isSameSecret, keyedHash, sha256Base64Url } from '../../../kernel/signed';
import type { ProviderRow } from '../../../storage/sign-in';
import type { Context } from '../../access/context';
import { BEARER } from '../../access/permissions';
import { authSecret } from '../../access/settings';
import { verb } from '../../access/verb';
import { ATTEMPTS_WINDOW_SECONDS, countByNetwork } from '../sessions/limit-attempts';
import { makeSessionSecret, readSessionSecret } from '../sessions/session-secret';
import { discover } from './discover';
import { findProvider, redirectUri } from './get-provider';
import type { Authorization, AuthorizedInput } from './provider.schema';

/** Time in which a browser returns from a provider. */
const FLOW_MS = 10 * 60 * 1000;
/** Sign-ins that one network may begin in 15 minutes: those of an office share an address. */
const BEGUN_PER_NETWORK = 300;

/*
 * A flow is the secret of a sign-in that a browser has begun, and has the id of the session that it opens: a second use finds the session.
 * State, nonce and PKCE verifier are derived from it and from the settings of the provider under AUTH_SECRET, so nothing is stored, and a
 * flow is void where issuer or client have changed.
 */

/** The values that bind the answers of a provider to one flow. */
export interface FlowValues {
  state: string;
  nonce: string;
  verifier: string;
}

function valuesOf(ctx: Context, flow: string, { name, settings }: ProviderRow): FlowValues {
  const text = [flow, name, settings.issuer, settings.clientId].join('\n');
  const derive = (use: string) => keyedHash(authSecret(ctx.settings), `authorization ${use}`, text);
  return { state: derive('state'), nonce: derive('nonce'), verifier: derive('verifier') };
}

/**
 * Begins to sign a browser in at a provider: the authorization code flow with PKCE. Throws 404, 429 for too many from one network, and 503
 * where the provider is unavailable.
 */
export const beginAuthorization = verb('public', async (ctx, provider: string): Promise<Authorization> => {
  const count = { purpose: 'authorization', limit: BEGUN_PER_NETWORK, windowSeconds: ATTEMPTS_WINDOW_SECONDS };
  await countByNetwork(ctx, count, 'requests to sign in');
  const row = await findActive(ctx, provider);
  const { secret: flow } = makeSessionSecret(authSecret(ctx.settings), 'authorization', newId('ses', ctx.now()));
  const { state, nonce, verifier } = valuesOf(ctx, flow, row);
  const { authorization_endpoint } = await discover(ctx, row.settings.issuer);
  const url = new URL(authorization_endpoint);
  const query = {
    response_type: 'code',
    client_id: row.settings.clientId,
    redirect_uri: redirectUri(ctx),
    scope: row.settings.scopes.join(' '),
    state,
    nonce,
    code_challenge: sha256Base64Url(verifier),
    code_challenge_method: 'S256',
  };
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return { url: url.href, flow };
});

async function findActive(ctx: Context, provider: string): Promise<ProviderRow> {
  const row = await findProvider(ctx, provider);
  if (!row.active) throw new ApiError('forbidden', `Signing in with ${row.settings.label} is off. Use your password.`);
  return row;
}

/** A flow whose browser has returned. `sessionId` is that of the session to open. */
export interface ReturnedFlow extends FlowValues {
  provider: ProviderRow;
  sessionId: string;
}

/** Checks that this browser began the flow, for this provider, within 10 minutes. Throws 401 `invalid_token` otherwise. */
export async function readReturn(ctx: Context, { provider, flow, state }: AuthorizedInput): Promise<ReturnedFlow> {
  const row = await findActive(ctx, provider);
  const given = readSessionSecret(authSecret(ctx.settings), 'authorization', flow);
  const begunAt = given && readId('ses', given.sessionId)?.at;
  const values = valuesOf(ctx, flow, row);
  const isOpen = typeof begunAt === 'number' && ctx.now() - begunAt < FLOW_MS;
  if (!given || !isOpen || !isSameSecret(state, values.state)) throw flowOver();
  return { ...values, provider: row, sessionId: given.sessionId };
}

/** The refusal of a flow that was used, has expired, or began elsewhere. */
export const flowOver = (): ApiError =>
  new ApiError('invalid_token', 'This sign-in was used, has expired, or began in another browser. Begin again.', {
    headers: BEARER,
  });
