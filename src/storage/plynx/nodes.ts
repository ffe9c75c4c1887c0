import { and, count, desc, eq, getTableColumns, sql, type SQL } from 'drizzle-orm';
import type { DrizzleD1Database } from 'drizzle-orm/d1';
import type { NodeStatus } from '../../plynx/document/node.schema';
import { OWNER, type OwnerRow } from './graphs';
import { nodes, users } from '../schema';
import { after, containsWord, equals, newestFirst, oneOf } from '../conditions';

export type NodeRow = typeof nodes.$inferSelect;
export type OwnedNodeRow = NodeRow & { owner: OwnerRow | null };

export interface NodeFilter {
  owner?: string | undefined;
  ownerId?: string | undefined;
  statuses: string[];
  bases: string[];
  words: string[];
}

/** Operations and files. */
export const createNodeQueries = (db: DrizzleD1Database) => {
  const matching = (filter: NodeFilter): SQL | undefined =>
    and(
      filter.owner === undefined ? undefined : sql`lower(${users.name}) = lower(${filter.owner})`,
      equals(nodes.ownerId, filter.ownerId),
      oneOf(nodes.status, filter.statuses),
      oneOf(nodes.base, filter.bases),
      containsWord(nodes.words, filter.words),
    );
  return {
    get: (id: string): Promise<NodeRow | undefined> => db.select().from(nodes).where(eq(nodes.id, id)).get(),
    /** The same with its owner. */
    getOwned: (id: string): Promise<OwnedNodeRow | undefined> =>
      db
        .select({ ...getTableColumns(nodes), owner: OWNER })
        .from(nodes)
        .leftJoin(users, eq(users.id, nodes.ownerId))
        .where(eq(nodes.id, id))
        .get(),
    /** Returns these nodes, in no order; a graph has at most 1,000. */
    getAll: (ids: string[]): Promise<Pick<NodeRow, 'id' | 'doc'>[]> =>
      db
        .select({ id: nodes.id, doc: nodes.doc })
        .from(nodes)
        .where(sql`${nodes.id} in (select value from json_each(${JSON.stringify(ids)}))`),
    statuses: async (ids: string[]): Promise<Map<string, NodeStatus>> =>
      new Map(
        (
          await db
            .select({ id: nodes.id, status: nodes.status })
            .from(nodes)
            .where(sql`${nodes.id} in (select value from json_each(${JSON.stringify(ids)}))`)
        ).map((row) => [row.id, row.status]),
      ),
    /** Newest first; with stars first if requested. */
    search: (
      filter: NodeFilter,
      starredFirst: boolean,
      page: { offset: number; limit: number },
    ): Promise<OwnedNodeRow[]> =>
      db
        .select({ ...getTableColumns(nodes), owner: OWNER })
        .from(nodes)
        .leftJoin(users, eq(users.id, nodes.ownerId))
        .where(matching(filter))
        .orderBy(...(starredFirst ? [desc(nodes.starred)] : []), desc(nodes.createdAt), desc(sql`${nodes}.rowid`))
        .limit(page.limit)
        .offset(page.offset),
    /** Newest first, from a position on. */
    list: (filter: NodeFilter, position: { at: number; id: string } | null, limit: number): Promise<OwnedNodeRow[]> =>
      db
        .select({ ...getTableColumns(nodes), owner: OWNER })
        .from(nodes)
        .leftJoin(users, eq(users.id, nodes.ownerId))
        .where(and(matching(filter), after(nodes.createdAt, nodes.id, position)))
        .orderBy(...newestFirst(nodes.createdAt, nodes.id))
        .limit(limit),
    count: async (filter: NodeFilter): Promise<number> =>
      (
        await db
          .select({ n: count() })
          .from(nodes)
          .leftJoin(users, eq(users.id, nodes.ownerId))
          .where(matching(filter))
          .get()
      )?.n ?? 0,
    /** Inserts a node, or updates one of the same owner at `revision` (0: it does not exist yet). */
    save: (row: typeof nodes.$inferInsert, revision: number) =>
      db
        .insert(nodes)
        .values(row)
        .onConflictDoUpdate({
          target: nodes.id,
          set: {
            base: row.base,
            status: row.status,
            starred: row.starred,
            title: row.title,
            description: row.description,
            words: row.words,
            doc: row.doc,
            updatedAt: row.updatedAt,
            revision: revision + 1,
          },
          setWhere: sql`${nodes.ownerId} = ${row.ownerId} and ${nodes.revision} = ${revision}`,
        }),
  };
};
