import { beforeAll, expect, test } from 'vitest';
import { named, open, startPython, people, type Isolate } from './isolate';
import { startWithService } from './service';

let isolate: Isolate;
beforeAll(async () => {
  isolate = await startWithService(
    'import os, portico, pq as pq_module, tables as tables_module\nfrom portico import ctx, env\nresult = lambda give: eval(give)',
  );
});
const evaluate = async (give: string): Promise<unknown> => {
  const { head, body } = open(await isolate.call(named({ give }, { env: { CRM_TOKEN: 's3cret' } })));
  if (head.error) return `${head.error.name}: ${head.error.message}`;
  return head.kind === 'none' ? null : (JSON.parse(body) as unknown);
};

test.each([
  [
    'pq.dbconnect("dw").fetch("dw", "salesforce", "accounts")',
    [
      { id: 1, name: 'Acme' },
      { id: 2, name: 'Globex' },
    ],
  ],
  ['len(pq.dbconnect("dw").fetch("people"))', 2500],
  ['len(pq.dbconnect("dw").fetch("dw", "s", "people", limit=1200))', 1200],
  ['len(tables.people.all()), len(tables.people.list()), len(list(tables.people))', [2500, 100, 2500]],
  ['tables.people.list(where={"name": "n7"})', [{ id: 7, name: 'n7' }]],
  ['tables.people.first(where={"name": "none"})', null],
  ['tables.people.get(3)', { id: 3, name: 'n3' }],
  ['tables.people.get(9999)', null],
  ['tables.people.count()', 2500],
  ['tables.people.insert({"name": "é"})', { id: 9000, name: 'é' }],
  [
    'tables.people.insert([{"name": "a"}, {"name": "b"}])',
    [
      { id: 9000, name: 'a' },
      { id: 9001, name: 'b' },
    ],
  ],
  ['tables.people.update(3, {"name": "x"})', { id: 3, name: 'x' }],
  ['[tables.people.delete(3), tables.people.delete(9999)]', [true, false]],
  ['pq is pq_module and tables is tables_module and portico.pq is pq', true],
])('%s', async (give, expected) => {
  expect(await evaluate(give)).toEqual(expected);
});

test('a secret that no environment can hold is in portico.env', async () => {
  const isolate = await startPython(
    'import os, portico\ndef f(): return [list(portico.env), [os.environ.get(name) for name in ("A", "B", "C")]]\nresult = f',
  );
  const env = { A: 'a', B: 'b\0', C: 'c' };
  for (let call = 0; call < 2; call++)
    expect(open(await isolate.call(named({}, { env }))).body).toBe('[["A","B","C"],["a",null,"c"]]');
  expect(open(await isolate.call(named({}, { env: { C: 'd' } }))).body).toBe('[["C"],[null,null,"d"]]');
});

test('each method of a table asks the service for its operation', async () => {
  const options = 'where={"a": 1}, order=["-b"], columns=["a"], limit=5';
  const asked = { op: 'tables.list', table: 'echo', where: { a: 1 }, order: ['-b'], columns: ['a'], limit: 5 };
  expect(await evaluate(`tables.table("crm", "echo").list(${options})`)).toEqual([{ ...asked, schema: 'crm' }]);
  expect(await evaluate(`pq.dbconnect("dw").fetch("dw", "crm", "echo", ${options})`)).toEqual([
    { ...asked, schema: 'crm' },
  ]);
  expect(await evaluate('tables.echo.page()[0]')).toEqual([
    { op: 'tables.list', schema: null, table: 'echo', limit: 1000 },
  ]);
});

test('a refusal and a broken line are exceptions with a code', async () => {
  expect(await evaluate('tables.private.list()')).toBe('HostError: the executor may not read private');
  expect(await evaluate('tables.broken.list()')).toBe('HostError: tables.list: the line is down');
  const caught = await startWithService(
    'import tables\ndef f():\n  try: tables.private.list()\n  except tables.TableError as error: return error.code\nresult = f',
  );
  expect(open(await caught.call(named())).body).toBe('forbidden');
  const alone = await startPython('import tables\nresult = lambda: tables.people.list()');
  expect(open(await alone.call(named())).head.error?.message).toBe('tables.list: no call is running');
});

test('secrets are in os.environ and portico.env, and nothing else is in the latter', async () => {
  expect(await evaluate('[os.environ["CRM_TOKEN"], env, ctx.env is env, os.environ.get("PORTICO_HOST")]')).toEqual([
    's3cret',
    { CRM_TOKEN: 's3cret' },
    true,
    null,
  ]);
});

test('ctx knows the executor, the caller, the run and the parameters', async () => {
  const give = '[vars(ctx.executor), vars(ctx.caller), ctx.run.id, list(ctx.params), ctx.request]';
  expect(await evaluate(give)).toEqual([people.executor, people.caller, 'run_1', ['give'], null]);
  expect(await evaluate('request.path')).toBe(
    'RuntimeError: no request: a function called by name gets its parameters, not the request',
  );
});
