import { applyD1Migrations } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';

test('the migration pins files of earlier runs', async () => {
  // DATA is a database of its own, which no migration has touched.
  const at = env.TEST_MIGRATIONS.findIndex(({ name }) => name.startsWith('0002_'));
  await applyD1Migrations(env.DATA, env.TEST_MIGRATIONS.slice(0, at));
  await env.DATA.batch([
    env.DATA.prepare(
      `insert into graph_node_runs (graph_id, node_id, status, outputs, logs, started_at) values
       ('g', 'a', 'SUCCESS', '{"out":"1","more":"2"}', '{"worker":"3"}', 0), ('g', 'b', 'RESTORED', '{"out":"1"}', '{}', 0)`,
    ),
    env.DATA.prepare(
      `insert into node_cache (hash, graph_id, node_id, outputs, logs, created_at) values ('h', 'g', 'a', '{}', '{}', 5)`,
    ),
  ]);
  await applyD1Migrations(env.DATA, env.TEST_MIGRATIONS);
  const keys = await env.DATA.prepare('select key from pinned_blobs order by key').all();
  expect(keys.results).toEqual([{ key: 'files/1' }, { key: 'files/2' }, { key: 'files/3' }]);
  expect(await env.DATA.prepare('select used_at from node_cache').first('used_at')).toBe(5);
});
