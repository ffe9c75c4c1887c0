import { and, sql, type SQL } from 'drizzle-orm';
import type { BatchItem } from 'drizzle-orm/batch';
import type { DrizzleD1Database } from 'drizzle-orm/d1';
import { audit } from './schema';

export type Write = BatchItem<'sqlite'>;
/** True while an object that a write names exists: a role, a handler. Built by the queries of that noun (`exists`, `allExist`). */
export type Precondition = SQL;
/**
 * `stale`: the guarded write matched no row. `unmet`: a precondition did not hold. `taken`: a unique index refused the write; `index` is its
 * name in D1.
 */
export type CommitResult = { kind: 'done' } | { kind: 'stale' } | { kind: 'unmet' } | { kind: 'taken'; index: string };
export type AuditRow = typeof audit.$inferInsert;

/** One change: `guarded` decides, the others follow from it. */
export interface Committed {
  guarded: Write;
  entry: AuditRow;
  following?: readonly Write[];
  preconditions?: readonly Precondition[];
}

/**
 * Commits changes of definitions: of each, `guarded`, its audit row and the writes that follow from it; all in one D1 batch, so all or
 * nothing. D1 has no interactive transaction; a guarded UPDATE or DELETE whose WHERE (id and revision) matched nothing must undo the batch.
 * The audit row does that: its id becomes NULL, which the column refuses, when the statement before it changed no row. Its object's id
 * does the same for the preconditions, since an INSERT of values has no WHERE.
 */
export const createCommit =
  (db: DrizzleD1Database) =>
  async (...changes: Committed[]): Promise<CommitResult> => {
    const [first, ...rest] = changes.flatMap((change) => statementsOf(db, change));
    if (!first) return { kind: 'done' };
    try {
      await db.batch([first, ...rest]);
      return { kind: 'done' };
    } catch (error) {
      const text = errorText(error);
      if (text.includes('NOT NULL constraint failed: audit.id')) return { kind: 'stale' };
      if (text.includes('NOT NULL constraint failed: audit.object_id')) return { kind: 'unmet' };
      const unique = /UNIQUE constraint failed: (?:index ')?([a-z_.]+)/.exec(text);
      if (unique) return { kind: 'taken', index: unique[1]! };
      throw error;
    }
  };

function statementsOf(
  db: DrizzleD1Database,
  { guarded, entry, following = [], preconditions = [] }: Committed,
): Write[] {
  const id = sql<string>`case when changes() = 0 then null else ${entry.id} end`;
  const met = and(...preconditions);
  const objectId = met === undefined ? entry.objectId : sql<string>`case when ${met} then ${entry.objectId} end`;
  return [guarded, db.insert(audit).values({ ...entry, id, objectId }), ...following];
}

/** Drizzle wraps D1's error; the innermost message names the constraint. */
function errorText(error: unknown): string {
  let text = '';
  for (let e = error; e instanceof Error; e = e.cause) text += `${e.message}\n`;
  return text;
}
