import type { Returned } from '../core/backup/backup.schema';
import { quote } from './row-sql';

/** A kind of credential: what is valid, and which values make it another one. */
interface Credential {
  kind: Returned['kind'];
  table: string;
  name: string;
  /** The condition of a valid one at a time. */
  valid: (row: string, now: number) => string;
  value: readonly string[];
}
const unexpired = (row: string, now: number): string =>
  `${row}.revoked_at is null and coalesce(${row}.expires_at, ${now + 1}) > ${now}`;

const CREDENTIALS: readonly Credential[] = [
  {
    kind: 'key',
    table: 'keys',
    name: 'alias',
    valid: (row, now) => `${row}.active = 1 and ${unexpired(row, now)}`,
    value: ['hash', 'scopes', 'roles', 'addresses'],
  },
  { kind: 'token', table: 'tokens', name: 'name', valid: unexpired, value: ['roles', 'executor_id'] },
  { kind: 'personal token', table: 'personal_tokens', name: 'name', valid: unexpired, value: ['hash', 'scopes'] },
  {
    kind: 'user',
    table: 'users',
    name: 'name',
    valid: (row) => `${row}.active = 1`,
    value: ['password_hash', 'roles'],
  },
];

/**
 * Lists the credentials that are valid in the tables whose names `staged` returns, and are not in those in use, or not the same. Sorted by
 * kind and name.
 */
export async function listReturned(
  db: D1Database,
  staged: (table: string) => string,
  now: number,
  limit: number,
): Promise<{ returned: Returned[]; more: number }> {
  const results = await db.batch<Returned & { found: number }>(
    CREDENTIALS.map(({ kind, table, name, valid, value }) =>
      db.prepare(
        `select '${kind}' as "kind", "id", "name", "was", count(*) over () as "found" from (
             select b."id", b."${name}" as "name", case
               when c."id" is null then 'absent' when not (${valid('c', now)}) then 'ended'
               when ${value.map((column) => `b."${column}" is not c."${column}"`).join(' or ')} then 'different' end as "was"
             from ${staged(table)} b left join ${quote(table)} c on c."id" = b."id" where ${valid('b', now)})
           where "was" is not null order by "name", "id" limit ${limit}`,
      ),
    ),
  );
  const rows = results.flatMap((result) => result.results);
  const found = results.reduce((sum, result) => sum + (result.results[0]?.found ?? 0), 0);
  const returned = rows.slice(0, limit).map(({ kind, id, name, was }) => ({ kind, id, name, was }));
  return { returned, more: found - returned.length };
}
