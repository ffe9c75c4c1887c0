import { can } from '../access/permissions';
import type { Permission } from '../access/permitted.rules';
import { verb } from '../access/verb';
import { viewerOf } from '../tables/catalogue/access.rules';
import type { FoundNoun, SearchQuery, SearchResult } from './search.schema';

/** Results for each noun. */
const LIMIT = 5;

const READ: Record<FoundNoun, Permission> = {
  endpoint: 'endpoint.read',
  handler: 'handler.read',
  key: 'key.read',
  table: 'table.read',
  graph: 'graph.read',
  user: 'user.read',
};
const NOUNS = Object.keys(READ) as FoundNoun[];

/** Finds what has a text in its name, or has it as its id, among what the actor may see. */
export const search = verb('session.own', async (ctx, { q }: SearchQuery): Promise<SearchResult> => {
  const viewer = viewerOf(ctx.actor);
  const found = await Promise.all(
    NOUNS.filter((noun) => can(ctx.actor, READ[noun])).map(async (noun) => {
      const rows = await ctx.store.search.find(noun, q, viewer, LIMIT);
      return rows.map(({ id, name }) => ({ noun, id, name }));
    }),
  );
  return { items: found.flat() };
});
