import { verb, type Verb } from '../access/verb';
import type { Context } from '../access/context';
import { findHandler } from './handlers/get-handler';
import { findKey } from '../identity/keys/get-key';
import { findRole } from '../identity/roles/get-role';
import { findSecret } from './secrets/get-secret';
import { findTable } from '../tables/catalogue/open-table';
import { findUser } from '../identity/users/get-user';
import { usesOf } from '../uses/in-use';
import type { ListedNoun, Used, Uses } from '../uses/use.schema';

/** Looks up the name by which others refer to a resource of each noun. Throws 404. */
const FIND: Record<ListedNoun, (ctx: Context, id: string) => Promise<Used>> = {
  handler: async (ctx, id) => ({ noun: 'handler', id, path: (await findHandler(ctx, id)).path }),
  key: async (ctx, id) => ({ noun: 'key', id: (await findKey(ctx, id)).id }),
  role: async (ctx, id) => ({ noun: 'role', name: (await findRole(ctx, id)).name }),
  secret: async (ctx, id) => ({ noun: 'secret', name: (await findSecret(ctx, id)).name }),
  table: async (ctx, id) => {
    const { schema, name } = await findTable(ctx, id);
    return { noun: 'table', schema, name };
  },
  user: async (ctx, id) => ({ noun: 'user', id: (await findUser(ctx, id)).id }),
};

/** Returns the verb that lists the uses of a resource of this noun, for which its deletion would be refused. */
export const listUsesOf = (noun: ListedNoun): Verb<[id: string], Uses> =>
  verb(`${noun}.read`, async (ctx, id: string) => usesOf(ctx, await FIND[noun](ctx, id)));
