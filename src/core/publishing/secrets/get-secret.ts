import { toIso } from '../../../kernel/clock';
import type { SecretRow } from '../../../storage/secrets';
import type { Context } from '../../access/context';
import { notFound } from '../../../kernel/errors';
import { readCursor, toPage, type Page } from '../../../kernel/page';
import { verb } from '../../access/verb';
import type { Secret } from './secret.schema';

/** A secret as the API shows it: never its value. */
export const toSecret = ({ createdAt, updatedAt, ...row }: SecretRow): Secret => ({
  ...row,
  createdAt: toIso(createdAt),
  updatedAt: toIso(updatedAt),
});

/** Returns the stored secret without its value, for verbs. Throws 404. */
export async function findSecret(ctx: Context, name: string): Promise<SecretRow> {
  const row = await ctx.store.secrets.get(name);
  if (!row) throw notFound('secret');
  return row;
}

export const getSecret = verb('secret.read', async (ctx, name: string): Promise<Secret> =>
  toSecret(await findSecret(ctx, name)),
);

/** Returns the secret without its value, or null. */
export const getSecretIfAny = verb('secret.read', async (ctx, name: string): Promise<Secret | null> => {
  const row = await ctx.store.secrets.get(name);
  return row ? toSecret(row) : null;
});

/** Lists secrets without their values, newest first. */
export const listSecrets = verb(
  'secret.read',
  async (ctx, query: { limit: number; cursor?: string | undefined }): Promise<Page<Secret>> => {
    const rows = await ctx.store.secrets.list(readCursor(query.cursor), query.limit + 1);
    return toPage(rows, query.limit, ({ createdAt, name }) => ({ at: createdAt, id: name }), toSecret);
  },
);
