import { env } from 'cloudflare:workers';

/** Makes the tables of an empty database as one change: one by one, twenty migrations would be written to the disk for every test file. */
export async function migrate(): Promise<void> {
  const queries = env.TEST_MIGRATIONS.flatMap((migration) => migration.queries);
  await env.DB.batch(queries.map((query) => env.DB.prepare(query)));
}
