import type { Write } from '../../../storage/commit';
import type { PersonalTokenRow } from '../../../storage/personal-tokens';
import type { Context } from '../../access/context';
import { DAY_MS, toIso } from '../../../kernel/clock';
import { ApiError, notFound } from '../../../kernel/errors';
import { newId } from '../../../kernel/ids';
import { can, userIdOf } from '../../access/permissions';
import { verb } from '../../access/verb';
import { change } from '../../change/change';
import { generateValue, hashKey, visibleStart } from '../keys/key-value.rules';
import {
  MAX_TOKENS,
  type CreatePersonalTokenInput,
  type PersonalToken,
  type PersonalTokenWithValue,
} from './personal-token.schema';

/** The start of every value, which secret scanners can find. */
export const PERSONAL_PREFIX = 'ptc_';

const toPersonalToken = ({ userId, expiresAt, createdAt, ...row }: PersonalTokenRow): PersonalToken => ({
  ...row,
  user: userId,
  expiresAt: toIso(expiresAt),
  createdAt: toIso(createdAt),
});

/** Makes a token of a user, to be inserted. Throws 409 `in_use` for a user who has 100 of them. */
export async function makePersonalToken(
  ctx: Context,
  userId: string,
  { name, scopes, days }: CreatePersonalTokenInput,
): Promise<{ id: string; insert: Write; created: PersonalTokenWithValue }> {
  const { personalTokens } = ctx.store;
  const now = ctx.now();
  if ((await personalTokens.list(userId, now, MAX_TOKENS)).length === MAX_TOKENS)
    throw new ApiError('in_use', `You have ${MAX_TOKENS} tokens. Revoke one first.`);
  const token = generateValue(PERSONAL_PREFIX);
  const row = {
    id: newId('pat', now),
    userId,
    name,
    prefix: visibleStart(token),
    scopes,
    expiresAt: now + days * DAY_MS,
    createdAt: now,
  };
  const insert = personalTokens.insert({ ...row, hash: hashKey(ctx.settings, token) });
  return { id: row.id, insert, created: { ...toPersonalToken(row), token } };
}

/**
 * Creates a token that acts for the actor within its scopes, with the roles that the actor has at each use. Its value is in this response
 * only. Throws 409 `in_use` for a user who has 100 of them.
 */
export const createPersonalToken = verb(
  'session.own',
  async (ctx, input: CreatePersonalTokenInput): Promise<PersonalTokenWithValue> => {
    const { id, insert, created } = await makePersonalToken(ctx, userIdOf(ctx.actor)!, input);
    await change(ctx, {
      action: 'personal-token.create',
      id,
      changes: { name: input.name, scopes: input.scopes, expiresAt: created.expiresAt },
      write: insert,
      answer: created,
    });
    return created;
  },
);

/** Lists the actor's valid tokens, newest first; an admin gets those of all users. */
export const listPersonalTokens = verb('session.own', async (ctx): Promise<{ items: PersonalToken[] }> => {
  const owner = can(ctx.actor, 'token.read') ? null : userIdOf(ctx.actor);
  const rows = await ctx.store.personalTokens.list(owner, ctx.now(), MAX_LISTED);
  return { items: rows.map(toPersonalToken) };
});

/** Maximum number of tokens in a list. */
const MAX_LISTED = 1000;

/** Revokes a token permanently: the actor's own, or, for an admin, anyone's. Throws 404 for another. */
export const revokePersonalToken = verb('session.own', async (ctx, id: string): Promise<void> => {
  const { personalTokens } = ctx.store;
  const row = await personalTokens.get(id);
  if (!row || (row.userId !== userIdOf(ctx.actor) && !can(ctx.actor, 'token.write'))) throw notFound('token');
  await change(ctx, {
    action: 'personal-token.revoke',
    id,
    changes: { name: row.name },
    write: personalTokens.revoke(id, ctx.now()),
  });
});
