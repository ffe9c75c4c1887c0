import type { Context } from '../../access/context';
import { egressIssue } from '../../egress/egress.rules';
import { fromBase64 } from '../../../kernel/encoding';
import { macOf, sha256Hex } from '../../../kernel/signed';
import type { AlertRow } from '../../../storage/alerts';
import { findEndpoint } from '../../publishing/endpoints/get-endpoint';
import { loadDefinition } from '../load-definition';
import { hasAttempts, nextAttempt } from './alert.rules';

const TIMEOUT_MS = 15_000;
const GONE = 410;
/** Attempts that an alert remembers. */
const MAX_ATTEMPTS = 20;

/** Time after which the last attempt counts as lost, when its isolate has noted no result. */
const LOST_MS = 600_000;
const LOST = 'the last attempt was interrupted';

/** Tries once to deliver the message of an alert, and notes the result. Gives up a message whose last attempt has noted none. */
export async function deliverAlert(ctx: Context, row: AlertRow): Promise<void> {
  const { alerts } = ctx.store;
  const { endpointId, message, attempts } = row;
  if (message === null) return;
  const next = nextAttempt(attempts + 1, ctx.now());
  if (!(await alerts.claim(row, next ?? ctx.now() + LOST_MS))) return;
  const result = hasAttempts(attempts) ? await sendAlert(ctx, endpointId, message) : LOST;
  if (result === `status ${GONE}`) await alerts.end(endpointId);
  const isOver = result === DELIVERED || result === `status ${GONE}` || next === null;
  const attempt = { at: ctx.now(), type: typeOfMessage(message), result };
  await alerts.note(row, [...(row.attempted ?? []), attempt].slice(-MAX_ATTEMPTS), result, attempt.at, isOver);
}

const DELIVERED = 'delivered';

/** Returns the type of a message. */
export const typeOfMessage = (message: string): string => (JSON.parse(message) as { type: string }).type;

/** Sends a message to the receiver of an endpoint's alert. Returns `delivered`, or why it was not. */
export async function sendAlert(ctx: Context, endpointId: string, message: string): Promise<string> {
  const { rules } = await findEndpoint(ctx, endpointId);
  const secret = (await loadDefinition(ctx, endpointId, null, ctx.now()))?.env.get(rules.alert?.secret ?? '');
  if (rules.alert === null || secret === undefined) return 'the secret is not available';
  const url = new URL(rules.alert.url);
  const refusal = egressIssue(url, [url.hostname], ctx.settings);
  if (refusal !== null) return refusal;
  try {
    const headers = signedHeaders(secret, `msg_${sha256Hex(endpointId + message).slice(0, 24)}`, message, ctx.now());
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const response = await ctx.fetchUpstream(url, {
      method: 'POST',
      body: message,
      headers,
      redirect: 'manual',
      signal,
    });
    await response.body?.cancel();
    return response.ok ? DELIVERED : `status ${response.status}`;
  } catch (error) {
    if (error instanceof DOMException && error.name === 'InvalidCharacterError')
      return 'the secret is not whsec_ and base64';
    return error instanceof DOMException && error.name === 'TimeoutError'
      ? 'no answer within 15 s'
      : 'cannot be reached';
  }
}

/** Signs a message as Standard Webhooks have it. */
function signedHeaders(secret: string, id: string, message: string, now: number): Record<string, string> {
  const seconds = String(Math.floor(now / 1000));
  const mac = macOf('sha256', 'base64', fromBase64(secret.replace(/^whsec_/, '')), `${id}.${seconds}.`, message);
  return {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': seconds,
    'webhook-signature': `v1,${mac}`,
  };
}
