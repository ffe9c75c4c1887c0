import { env } from 'cloudflare:workers';

/**
 * Copies the row of a table that has `value` in `column`, in one statement: the copies have `<value>-0001` and so on there. For what happens to
 * many rows, where it does not matter how each was made.
 */
export async function copyRow(table: string, column: string, value: string, count: number): Promise<void> {
  const { results } = await env.DB.prepare('select name from pragma_table_info(?1)')
    .bind(table)
    .all<{ name: string }>();
  const names = results.map(({ name }) => name);
  const values = names.map((name) => (name === column ? `?1 || printf('-%04d', n)` : name));
  await env.DB.prepare(
    `with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n < ?2)
     insert into ${table} (${names.join()}) select ${values.join()} from ${table}, numbers where ${column} = ?1`,
  )
    .bind(value, count)
    .run();
}
