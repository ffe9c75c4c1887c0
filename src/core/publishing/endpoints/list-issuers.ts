import { verb } from '../../access/verb';
import type { UsedIssuers } from './issuer.schema';

/** Issuers in the list. */
const MAX_LISTED = 1000;

/** Lists the issuers whose tokens open endpoints, over all endpoints. */
export const listIssuers = verb('endpoint.read', async (ctx): Promise<UsedIssuers> => {
  const rows = await ctx.store.endpoints.issuers(MAX_LISTED + 1);
  return {
    items: rows.slice(0, MAX_LISTED).map(({ names, ...row }) => ({ ...row, names: JSON.parse(names) as string[] })),
    more: rows.length > MAX_LISTED,
  };
});
