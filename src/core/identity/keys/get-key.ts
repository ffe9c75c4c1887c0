import type { KeyRow } from '../../../storage/keys';
import type { Context } from '../../access/context';
import { notFound } from '../../../kernel/errors';
import { readCursor, toPage, type Page } from '../../../kernel/page';
import { authorize } from '../../access/permissions';
import type { Key } from './key.schema';
import { toKey } from './to-key';

/** The stored key, for verbs; 404 when there is none or it was deleted. */
export async function findKey(ctx: Context, id: string): Promise<KeyRow> {
  return (await ctx.store.keys.get(id)) ?? Promise.reject(notFound('key'));
}

export async function getKey(ctx: Context, id: string): Promise<Key> {
  authorize(ctx, 'key.read');
  return toKey(await findKey(ctx, id));
}

/** Keys, newest first. */
export async function listKeys(
  ctx: Context,
  query: { limit: number; cursor?: string | undefined },
): Promise<Page<Key>> {
  authorize(ctx, 'key.read');
  const rows = await ctx.store.keys.list(readCursor(query.cursor), query.limit + 1);
  return toPage(rows, query.limit, ({ createdAt, id }) => ({ at: createdAt, id }), toKey);
}
