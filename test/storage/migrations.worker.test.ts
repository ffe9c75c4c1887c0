import { applyD1Migrations } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeEach, expect, test } from 'vitest';

// DATA is a database of its own, which no migration has touched.
beforeEach(async () => {
  const tables = await env.DATA.prepare(
    `select name from sqlite_master where type = 'table' and name not like '\\_%' escape '\\' and name not like 'sqlite%'`,
  ).all<{ name: string }>();
  for (const { name } of tables.results) await env.DATA.exec(`drop table ${name}`);
  await env.DATA.exec('drop table if exists d1_migrations');
});

test('the migration pins files of earlier runs', async () => {
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

test('the migration gives every endpoint its routes, look-alikes too', async () => {
  const at = env.TEST_MIGRATIONS.findIndex(({ name }) => name.startsWith('0007_'));
  await applyD1Migrations(env.DATA, env.TEST_MIGRATIONS.slice(0, at));
  const add = (id: string, path: string, methods: string[], createdAt: number) =>
    env.DATA.prepare(
      `insert into endpoints (id, path, title, description, folder, handler_id, active, instance, executor_id, access_level, log, rules,
       revision, created_at, updated_at, created_by) values (?, ?, '', '', '', 'h', 1, 'pooled', 'u', 'public', 'full', ?, 1, ?, 0, 'u')`,
    ).bind(id, path, JSON.stringify({ methods }), createdAt);
  await env.DATA.batch([add('b', 'Orders', ['GET'], 2), add('a', 'orders', ['GET', 'POST'], 1)]);
  await applyD1Migrations(env.DATA, env.TEST_MIGRATIONS);
  const routes = await env.DATA.prepare('select * from endpoint_routes order by endpoint_id, method').raw();
  expect(routes).toEqual([
    ['orders', 'GET', 'a', 'orders'],
    ['orders', 'POST', 'a', 'orders'],
    ['Orders', 'GET', 'b', 'Orders'],
  ]);
});
