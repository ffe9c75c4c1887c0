import { and, asc, eq, sql, type SQL } from 'drizzle-orm';
import type { DrizzleD1Database } from 'drizzle-orm/d1';
import { after, newestFirst, equals } from './conditions';
import { tables } from './schema';

export type TableRow = typeof tables.$inferSelect;

/** Selects the tables that one of `roles` may read or write, and, for `open`, those whose lists are empty. */
export interface Viewer {
  roles: string[];
  open: boolean;
}

/** The catalogue of tables. Rows are in another database: see rows.ts. */
export const createTableQueries = (db: DrizzleD1Database) => ({
  get: (id: string) => db.select().from(tables).where(eq(tables.id, id)).get(),
  byName: (schema: string, name: string) =>
    db
      .select()
      .from(tables)
      .where(and(eq(tables.schema, schema), eq(tables.name, name)))
      .get(),
  /** `viewer` null: all of them. */
  list: (
    filter: { schema?: string | undefined; name?: string | undefined },
    viewer: Viewer | null,
    position: { at: number; id: string } | null,
    limit: number,
  ): Promise<TableRow[]> =>
    db
      .select()
      .from(tables)
      .where(
        and(
          equals(tables.schema, filter.schema),
          equals(tables.name, filter.name),
          viewer === null ? undefined : isVisibleTo(viewer),
          after(tables.createdAt, tables.id, position),
        ),
      )
      .orderBy(...newestFirst(tables.createdAt, tables.id))
      .limit(limit),
  /** Returns schema and name of tables that `viewer` may read or write, by name, for a message. */
  names: (viewer: Viewer | null, limit: number) =>
    db
      .select({ schema: tables.schema, name: tables.name })
      .from(tables)
      .where(viewer === null ? undefined : isVisibleTo(viewer))
      .orderBy(asc(tables.schema), asc(tables.name))
      .limit(limit),
  /** Returns those of `ids` that no table has. */
  unnamed: async (ids: string[]): Promise<string[]> => {
    const rows = await db.all<{ value: string }>(
      sql`select value from json_each(${JSON.stringify(ids)}) where value not in (select id from ${tables})`,
    );
    return rows.map(({ value }) => value);
  },
  /** Returns those of `names` (`schema.name`) that no table has. */
  absent: async (names: string[]): Promise<string[]> => {
    const rows = await db.all<{ value: string }>(
      sql`select value from json_each(${JSON.stringify(names)}) where value not in (select ${tables.schema} || '.' || ${tables.name} from ${tables})`,
    );
    return rows.map(({ value }) => value);
  },
  /** Returns the tables of these names (`schema.name`). */
  named: (names: string[]): Promise<TableRow[]> =>
    db
      .select()
      .from(tables)
      .where(sql`${tables.schema} || '.' || ${tables.name} in (select value from json_each(${JSON.stringify(names)}))`),
  insert: (row: typeof tables.$inferInsert) => db.insert(tables).values(row),
  update: (id: string, revision: number, patch: Partial<typeof tables.$inferInsert>) =>
    db
      .update(tables)
      .set({ ...patch, revision: revision + 1 })
      .where(and(eq(tables.id, id), eq(tables.revision, revision))),
  remove: (id: string, revision: number) =>
    db.delete(tables).where(and(eq(tables.id, id), eq(tables.revision, revision))),
});

export function isVisibleTo({ roles, open }: Viewer): SQL {
  const named = (list: typeof tables.read | typeof tables.write): SQL =>
    sql`exists (select 1 from json_each(${list}) where value in (select value from json_each(${JSON.stringify(roles)})))`;
  const empty = sql`(${open ? 1 : 0} and (json_array_length(${tables.read}) = 0 or json_array_length(${tables.write}) = 0))`;
  return sql`(${named(tables.read)} or ${named(tables.write)} or ${empty})`;
}
