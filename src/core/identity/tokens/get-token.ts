import type { TokenRow } from '../../../storage/tokens';
import type { Context } from '../../access/context';
import { notFound } from '../../../kernel/errors';
import { readCursor, toPage, type Page } from '../../../kernel/page';
import { verb } from '../../access/verb';
import type { ListTokensQuery, Token } from './token.schema';
import { fromIso, toIso } from '../../../kernel/clock';

/** Returns a token as the API shows it, without its value, which is not stored. */
export const toToken = ({ executorId, ...row }: TokenRow): Token => ({
  ...row,
  executor: executorId,
  expiresAt: row.expiresAt === null ? null : toIso(row.expiresAt),
  createdAt: toIso(row.createdAt),
  updatedAt: toIso(row.updatedAt),
});

/** Returns the stored token, for verbs; throws 404 when it does not exist or was revoked. */
export async function findToken(ctx: Context, id: string): Promise<TokenRow> {
  const row = await ctx.store.tokens.get(id);
  if (!row) throw notFound('token');
  return row;
}

export const getToken = verb('token.read', async (ctx, id: string): Promise<Token> =>
  toToken(await findToken(ctx, id)),
);

/** Returns a page of the active tokens, newest first. */
export const listTokens = verb('token.read', async (ctx, query: ListTokensQuery): Promise<Page<Token>> => {
  const times = { after: fromIso(query.expiresAfter), before: fromIso(query.expiresBefore) };
  const rows = await ctx.store.tokens.list(times, readCursor(query.cursor), query.limit + 1);
  return toPage(rows, query.limit, ({ createdAt, id }) => ({ at: createdAt, id }), toToken);
});
