import { expect, test } from 'vitest';
import { call, postJson, publish, runOf } from '../support/publish';

test('a Python function is fed by name, from JSON and from a form', async () => {
  const { endpoint } = await publish(
    'def _fn(name1, name2):\n    print("hi", name1)\n    return {"names": [name1, name2]}\nresult = _fn\n',
    {},
    'py',
  );
  const response = await postJson(`/u/${endpoint.path}`, { name1: 'Ada', name2: 'Grace' });
  expect([response.status, await response.json()]).toEqual([200, { names: ['Ada', 'Grace'] }]);
  const form = new FormData();
  form.set('name1', 'a');
  form.set('name2', 'b');
  expect(await (await call(`/u/${endpoint.path}`, { method: 'POST', body: form })).json()).toEqual({
    names: ['a', 'b'],
  });
  expect((await runOf(response)).logs).toMatchObject([{ level: 'info', message: 'hi Ada' }]);
  const missing = await postJson(`/u/${endpoint.path}`, { name1: 'Ada', other: 1 });
  expect([missing.status, await missing.json()]).toMatchObject([
    422,
    {
      code: 'invalid_parameters',
      errors: [
        { code: 'missing_parameter', pointer: '#/body/name2' },
        { code: 'unexpected_parameter', pointer: '#/body/other' },
      ],
    },
  ]);
  expect(await runOf(missing)).toMatchObject({ outcome: 'rejected', status: 422 });
});

test.each(['per-call', 'shared'] as const)('%s: Python keeps its module state only where it may', async (instance) => {
  const { endpoint } = await publish(
    'n = 0\ndef handler(request):\n    global n\n    n += 1\n    return str(n)\n',
    { instance },
    'py',
  );
  const answers = [
    await call(`/u/${endpoint.path}`, { method: 'POST' }),
    await call(`/u/${endpoint.path}`, { method: 'POST' }),
  ];
  expect(await Promise.all(answers.map((answer) => answer.text()))).toEqual(
    instance === 'shared' ? ['1', '2'] : ['1', '1'],
  );
});

test('an exception is in the run, with the lines of the script', async () => {
  const { endpoint } = await publish('def handler(request):\n    return {}["gone"]\n', {}, 'py');
  const response = await call(`/u/${endpoint.path}`, { method: 'POST' });
  expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([500, 'handler_error']);
  const run = await runOf(response);
  expect(run.error).toMatchObject({ name: 'KeyError', message: "'gone'" });
  expect(run.error!.stack).toMatch(/line 2, in handler/);
});

test('a source that is no Python is refused with its place', async () => {
  await expect(publish('def handler(:\n  pass\n', {}, 'py')).rejects.toMatchObject({
    code: 'invalid_source',
    extra: { errors: [{ code: 'source_syntax', line: 1, column: 13 }] },
  });
});

test('what is sent out is noted, and refused where it is not listed', async () => {
  const source =
    'from portico import fetch\ndef handler(request):\n    try: fetch("https://elsewhere.example.dev/x")\n    except OSError as e: return str(e)\n';
  const { endpoint } = await publish(source, { egress: ['api.portico-upstream.dev'] }, 'py');
  const response = await call(`/u/${endpoint.path}`, { method: 'POST' });
  expect(await response.text()).toContain("elsewhere.example.dev is not on the endpoint's egress list");
  expect((await runOf(response)).outbound).toMatchObject([
    { host: 'elsewhere.example.dev', status: null, refused: expect.stringContaining('not on') as unknown },
  ]);
});
