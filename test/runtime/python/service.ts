import { pythonWorker } from '../../../src/runtime/python';
import { bindings, readAsset, type Isolate } from './isolate';

/**
 * A service for handlers to ask, standing where the product's own is lent. It has two tables and some that misbehave; `echo` answers
 * with what it was asked.
 */
const SERVICE = `
import Entry from './harness.mjs';
const rows = Array.from({ length: 2500 }, (_, id) => ({ id, name: 'n' + id }));
const operations = {
  'tables.list': ({ table, limit = 1000, cursor = '0', where }) => {
    if (table === 'private') return { error: { code: 'forbidden', message: 'the executor may not read private' } };
    if (table === 'accounts') return { ok: { rows: [{ id: 1, name: 'Acme' }, { id: 2, name: 'Globex' }], nextCursor: null } };
    const found = where ? rows.filter((row) => Object.entries(where).every(([k, v]) => row[k] === v)) : rows;
    const end = Number(cursor) + limit;
    return { ok: { rows: found.slice(Number(cursor), end), nextCursor: end < found.length ? String(end) : null } };
  },
  'tables.get': ({ id }) => ({ ok: rows[id] ?? null }),
  'tables.count': () => ({ ok: rows.length }),
  'tables.insert': (given) => ({ ok: given.rows.map((row, i) => ({ id: 9000 + i, ...row })) }),
  'tables.update': ({ id, changes }) => ({ ok: { ...rows[id], ...changes } }),
  'tables.delete': ({ id }) => ({ ok: rows[id] !== undefined }),
};
async function send(op, json) {
  const given = JSON.parse(json);
  if (given.table === 'slow') await scheduler.wait(given.limit);
  if (given.table === 'broken') throw new Error('the line is down');
  if (given.table === 'echo') return JSON.stringify({ ok: { rows: [{ op, ...given }], nextCursor: null } });
  return JSON.stringify(operations[op](given));
}
export default class extends Entry {
  constructor(ctx, env) { super(ctx, { ...env, PORTICO_HOST: { send } }); }
}`;

/** Starts an isolate whose handler can ask the service above. */
export async function startWithService(source: string, secrets: object = {}): Promise<Isolate> {
  const code = await pythonWorker(source, readAsset);
  const worker = bindings.LOADER.load({
    ...code,
    mainModule: 'service.js',
    modules: { ...code.modules, 'service.js': SERVICE },
    env: secrets,
    globalOutbound: null,
  });
  return worker.getEntrypoint() as unknown as Isolate;
}
