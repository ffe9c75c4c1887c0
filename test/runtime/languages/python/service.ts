import { RpcTarget } from 'cloudflare:workers';
import { startPython, type Isolate } from './isolate';

interface Asked {
  table?: string;
  limit?: number;
  cursor?: string;
  where?: Record<string, unknown>;
  id?: number;
  rows?: object[];
  changes?: object;
}

const rows: Record<string, unknown>[] = Array.from({ length: 2500 }, (_, id) => ({ id, name: `n${id}` }));

const operations: Record<string, (asked: Asked) => object> = {
  'tables.list': ({ table, limit = 1000, cursor = '0', where }) => {
    if (table === 'private') return { error: { code: 'forbidden', message: 'the executor may not read private' } };
    if (table === 'accounts')
      return {
        ok: {
          rows: [
            { id: 1, name: 'Acme' },
            { id: 2, name: 'Globex' },
          ],
          nextCursor: null,
        },
      };
    const found = where ? rows.filter((row) => Object.entries(where).every(([k, v]) => row[k] === v)) : rows;
    const end = Number(cursor) + limit;
    return { ok: { rows: found.slice(Number(cursor), end), nextCursor: end < found.length ? String(end) : null } };
  },
  'tables.get': ({ id }) => ({ ok: rows[id!] ?? null }),
  'tables.count': () => ({ ok: rows.length }),
  'tables.insert': (given) => ({ ok: given.rows!.map((row, i) => ({ id: 9000 + i, ...row })) }),
  'tables.update': ({ id, changes }) => ({ ok: { ...rows[id!], ...changes } }),
  'tables.delete': ({ id }) => ({ ok: rows[id!] !== undefined }),
};

/**
 * A service for handlers to ask, in the place of the product's own. It has two tables and some that misbehave; `echo` answers
 * with what it was asked.
 */
class Service extends RpcTarget {
  async send(op: string, json: string): Promise<string> {
    const given = JSON.parse(json) as Asked;
    if (given.table === 'slow') await scheduler.wait(given.limit!);
    if (given.table === 'broken') throw new Error('the line is down');
    if (given.table === 'echo') return JSON.stringify({ ok: { rows: [{ op, ...given }], nextCursor: null } });
    return JSON.stringify(operations[op]!(given));
  }
}

/** Starts an isolate whose calls may use the service above. */
export async function startWithService(source: string): Promise<Isolate> {
  const isolate = await startPython(source);
  return {
    call: (meta, body, files) => isolate.call(meta, body, files, new Service()),
    drain: (callId) => isolate.drain(callId),
  };
}
