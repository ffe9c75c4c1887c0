import { createHmac } from 'node:crypto';
import type { Context } from '../context';
import { Fault } from '../errors';
import { authSecret } from '../token/auth-secret';

/** No request takes this long: one that has not finished by then was cut off, and its key may be tried again. */
const ABANDONED_MS = 5 * 60_000;

export interface Replayable {
  status: number;
  body: unknown;
}

/**
 * Carries out a POST at most once per actor and Idempotency-Key within 24 hours. A repeat gets the first answer (a value that is
 * shown once is not in it), 409 while the first is under way, 422 when its body is another. A refused or failed request is forgotten,
 * so that it can be repeated.
 */
export async function replayable(
  ctx: Context,
  key: string,
  route: string,
  body: unknown,
  perform: () => Promise<Replayable>,
): Promise<Replayable> {
  if (!/^[\x21-\x7e]{1,255}$/.test(key)) {
    throw new Fault('invalid_parameter', 'Idempotency-Key must be 1 to 255 visible ASCII characters.');
  }
  const actorId = ctx.actor.type === 'user' ? ctx.actor.id : ctx.actor.type;
  // Keyed: a body may hold a password or a key, which a plain digest would let somebody with the table guess at full speed.
  const requestHash = createHmac('sha256', authSecret(ctx.settings))
    .update(`${route}\n${JSON.stringify(body) ?? ''}`)
    .digest('hex');
  const { idempotency } = ctx.store;
  const now = ctx.now();
  if (!(await idempotency.claim({ actorId, key, requestHash, createdAt: now }, now - ABANDONED_MS))) {
    return replay(await idempotency.get(actorId, key), requestHash);
  }
  let result: Replayable;
  try {
    result = await perform();
  } catch (error) {
    await idempotency.release(actorId, key);
    throw error;
  }
  await idempotency.finish(actorId, key, result.status, JSON.stringify(withoutShownOnce(result.body)) ?? 'null');
  return result;
}

function replay(
  first: { requestHash: string; status: number | null; body: string | null } | undefined,
  requestHash: string,
): Replayable {
  if (first && first.requestHash !== requestHash) {
    throw new Fault('idempotency_mismatch', 'This Idempotency-Key was used for another request. Take a new one.');
  }
  if (!first || first.status === null) {
    throw new Fault(
      'idempotency_in_flight',
      'The first request with this Idempotency-Key is still being answered. Try again shortly.',
    );
  }
  return { status: first.status, body: JSON.parse(first.body ?? 'null') };
}

/** Fields that are in one answer only: the values of keys and tokens. */
const SHOWN_ONCE = ['key', 'token', 'accessToken', 'refreshToken'];

const withoutShownOnce = (body: unknown): unknown =>
  typeof body === 'object' && body !== null
    ? Object.fromEntries(
        Object.entries(body).map(([name, value]) => [
          name,
          SHOWN_ONCE.includes(name) && typeof value === 'string' ? null : value,
        ]),
      )
    : body;
