import { hash32 } from '../../kernel/hash.rules';

/**
 * Ids of runs that an admin has deleted: a batch whose confirmation was lost comes again, and would bring them back. The table exists from
 * the first one on.
 */
export const createDeletedRuns = (sql: SqlStorage) => ({
  add: (id: string): void => {
    sql.exec(
      'create table if not exists deleted (hash integer not null, id text not null, primary key (hash, id)) without rowid',
    );
    sql.exec('insert or ignore into deleted (hash, id) values (?, ?)', hash32(id), id);
  },
  /** Returns the ids that have one of the hashes. */
  among: (hashes: ReadonlySet<number>): string[] => {
    if (sql.exec(`select 1 from sqlite_master where name = 'deleted'`).toArray().length === 0) return [];
    return sql
      .exec<{ id: string }>(
        'select id from deleted where hash in (select value from json_each(?))',
        JSON.stringify([...hashes]),
      )
      .toArray()
      .map(({ id }) => id);
  },
});
