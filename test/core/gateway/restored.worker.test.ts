import { env } from 'cloudflare:workers';
import { beforeAll, expect, test } from 'vitest';
import type { Context } from '../../../src/core/access/context';
import { dispatch } from '../../../src/core/gateway/dispatch';
import { createIsolateCache } from '../../../src/core/gateway/isolate-cache';
import { toProblem } from '../../../src/http/wire/errors';
import { testContext } from '../../support/context';
import { ensureAdmin, publish } from '../../support/publish';
import { saveVersion } from '../../support/workflow';

/** An isolate with a clock of its own, which has served calls before the database goes back in time. */
function isolate() {
  const base = testContext();
  const deferred: Promise<unknown>[] = [];
  let now = Date.now();
  const ctx: Context = {
    ...base,
    cache: createIsolateCache(base.store, base.runtime, base.settings),
    now: () => now,
    defer: (work) => void deferred.push(work),
    recorder: { record: () => undefined },
  };
  /** The text of a call, 7 s after the one before: every definition in memory has expired. */
  return async (path: string): Promise<string> => {
    now += 7000;
    const request = new Request(`https://portico.test/u/${path}`, { method: 'POST' });
    const response = await dispatch(ctx, request, path, toProblem);
    const text = await response.text();
    while (deferred.length > 0) await deferred.shift();
    return text;
  };
}

const TABLES = { handlers: 'id', handler_versions: 'handler_id' };

/** Reads the rows of a handler and its versions. Returns how to set them back, as a restore of the database does. */
async function backUp(handlerId: string): Promise<() => Promise<void>> {
  const saved = await Promise.all(
    Object.entries(TABLES).map(async ([table, column]) => ({
      table,
      column,
      rows: (await env.DB.prepare(`select * from ${table} where ${column} = ?`).bind(handlerId).all()).results,
    })),
  );
  return async () => {
    for (const { table, column, rows } of saved) {
      const names = Object.keys(rows[0]!);
      const insert = `insert into ${table} (${names.join(', ')}) values (${names.map(() => '?').join(', ')})`;
      await env.DB.batch([
        env.DB.prepare(`delete from ${table} where ${column} = ?`).bind(handlerId),
        ...rows.map((row) => env.DB.prepare(insert).bind(...Object.values(row))),
      ]);
    }
  };
}

beforeAll(ensureAdmin);

test.each(['pooled', 'shared', 'per-call'] as const)(
  'a restored database decides which version runs, and so does a new version of the same number: %s',
  async (instance) => {
    const { endpoint, handler } = await publish('export default () => 1', { instance });
    const call = isolate();
    expect(await call(endpoint.path)).toBe('1');
    const restore = await backUp(handler.id);
    await saveVersion(handler, 'export default () => -2');
    expect(await call(endpoint.path)).toBe('-2');
    await restore();
    expect(await call(endpoint.path)).toBe('1');
    await saveVersion(handler, 'export default () => 2');
    expect(await call(endpoint.path)).toBe('2');
  },
);

test('a version that took the number of another one replaces it at once, without the version in between', async () => {
  for (const instance of ['pooled', 'shared'] as const) {
    const { endpoint, handler } = await publish('export default () => 1', { instance });
    const call = isolate();
    const restore = await backUp(handler.id);
    await saveVersion(handler, 'export default () => -2');
    expect(await call(endpoint.path)).toBe('-2');
    await restore();
    await saveVersion(handler, 'export default () => 2');
    expect([instance, await call(endpoint.path)]).toEqual([instance, '2']);
  }
});
