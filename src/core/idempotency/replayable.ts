import { actorLabel } from '../access/permissions';
import type { Context } from '../access/context';
import { ApiError } from '../../kernel/errors';
import { authSecret } from '../access/settings';
import type { FirstAnswer } from './first-answer';
import { keyedHash } from '../../kernel/signed';
import { utf8Length } from '../../kernel/encoding';

export interface Replayable {
  status: number;
  body: unknown;
}

/** A POST that may be repeated. */
export interface Repeatable {
  /** Its Idempotency-Key. */
  key: string;
  /** Method and path. */
  route: string;
  body: unknown;
  /** Status of the response when the request succeeds. */
  status: number;
  /** The database of its change, which also stores the response: definitions or rows. */
  place: 'definitions' | 'rows';
}

/**
 * Carries out a POST at most once per actor and Idempotency-Key within 24 hours. A repeat gets the first response, without values that
 * are shown once, even when the two run concurrently: change and response are one transaction, and the second one fails. Throws 422 when
 * the body differs. A request that was refused or failed stores nothing, so it can be repeated.
 */
export async function replayable(
  ctx: Context,
  request: Repeatable,
  perform: (ctx: Context) => Promise<Replayable>,
): Promise<Replayable> {
  const { key, route, body, status } = request;
  if (!/^[\x21-\x7e]{1,255}$/.test(key)) {
    throw new ApiError('invalid_parameter', 'Idempotency-Key must be 1 to 255 visible ASCII characters.');
  }
  const actorId = actorLabel(ctx.actor);
  // Keyed: a body may contain a password or a key, and a plain digest in a stolen table could be guessed at full speed.
  const requestHash = keyedHash(authSecret(ctx.settings), route, JSON.stringify(body) ?? '');
  const { get } = request.place === 'rows' ? ctx.store.rowAnswers : ctx.store.idempotency;
  const first = await get(actorId, key);
  if (first) return replay(first, requestHash);
  const firstAnswer = (answer: unknown): FirstAnswer => ({
    actorId,
    key,
    requestHash,
    status,
    body: requireKeepable(JSON.stringify(withoutShownOnce(answer)) ?? 'null'),
    createdAt: ctx.now(),
  });
  try {
    return await perform({ ...ctx, firstAnswer });
  } catch (error) {
    // A concurrent request with the same key was first, or this one succeeded and only its confirmation was lost.
    const done = await get(actorId, key);
    if (!done) throw error;
    return replay(done, requestHash);
  }
}

/** Bytes of a response that can be stored: D1 takes values of 2 MB. */
const MAX_BYTES = 1_500_000;

function requireKeepable(body: string): string {
  if (utf8Length(body) <= MAX_BYTES) return body;
  throw new ApiError(
    'body_too_large',
    `With an Idempotency-Key, the response must have at most ${MAX_BYTES} bytes. Send less in one request.`,
  );
}

function replay(first: Pick<FirstAnswer, 'requestHash' | 'status' | 'body'>, requestHash: string): Replayable {
  if (first.requestHash !== requestHash) {
    throw new ApiError(
      'idempotency_mismatch',
      'This Idempotency-Key was used with a different request. Use a new key.',
    );
  }
  return { status: first.status, body: JSON.parse(first.body) };
}

/** Fields that are shown once: the values of keys and tokens. */
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
