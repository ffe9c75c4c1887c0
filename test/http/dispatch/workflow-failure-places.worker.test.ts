import { expect, test } from 'vitest';
import { call, publish, runOf } from '../../support/publish';
import { publishWorkflow, respond, saveMiddleware } from '../../support/workflow';

/** A workflow as its author writes it, with the lines that errors are to name. */
const SOURCE = `{
  "kind": "workflow",
  "steps": [
    { "id": "first", "do": "set", "name": "n", "value": 1 },
    {
      "id": "outer",
      "do": "if",
      "when": { "$": "true" },
      "then": [
        { "id": "price", "do": "code", "source": ["const half = (n) => {", "  if (n > 0) throw new RangeError('too far');", "};", "return half(vars.n)"] }
      ]
    }
  ]
}`;

const failureOf = async (source: string) => {
  const { endpoint } = await publish(source, {}, 'workflow.json');
  const response = await call(`/u/${endpoint.path}`, { method: 'POST' });
  expect(response.status).toBe(500);
  return runOf(response);
};

test('the stack of a step that fails names the step, its place in the source, and the lines of its code', async () => {
  const { error } = await failureOf(SOURCE);
  expect(error).toMatchObject({ name: 'RangeError', message: 'too far', step: 'price' });
  expect(error!.stack.split('\n')).toEqual([
    'RangeError: too far',
    '    at half (line 2, column 20 of the code of step price)',
    '    at line 4, column 8 of the code of step price',
    '    at step price (/steps/1/then/0, line 10, column 9)',
  ]);
});

test.each([
  [
    'an expression',
    { id: 'bad', do: 'set', name: 'x', value: { $: 'params.none.at(1)' } },
    /^TypeError: .*\n {4}at step bad \(\/steps\/1, line 1, column \d+\)$/,
  ],
  [
    'throw',
    { id: 'bad', do: 'throw', message: 'two\nlines' },
    /^Thrown: two\nlines\n {4}at step bad \(\/steps\/1, line 1, column \d+\)$/,
  ],
  [
    'a value that is no error',
    { id: 'bad', do: 'code', source: 'throw { a: 1 }' },
    /^Error: \{"a":1\}\n {2}\[cause\]: \{"a":1\}\n {4}at step bad \(/,
  ],
])('no frame of compiled code is shown: %s', async (_name, step, wanted) => {
  const { error } = await failureOf(
    JSON.stringify({ kind: 'workflow', steps: [{ id: 's', do: 'set', name: 'a', value: 1 }, step] }),
  );
  expect(error!.stack).toMatch(wanted);
  expect(error!.stack).not.toContain('handler.js');
});

test('errors in the log, and of steps after the answer, have the same places', async () => {
  const steps = [
    respond({ $: '1' }, { continue: true }),
    { id: 'note', do: 'code', source: "console.error({ e: new Error('noted') });\nthrow new Error('late')" },
  ];
  const { endpoint } = await publishWorkflow(steps);
  const response = await call(`/u/${endpoint.path}`, { method: 'POST' });
  expect(await response.json()).toBe(1);
  const { outcome, logs, error } = await runOf(response);
  expect([outcome, logs[0]!.message]).toEqual([
    'failed_after_response',
    '{"e":Error: noted\n    at line 1, column 20 of the code of step note}',
  ]);
  expect(error!.stack).toMatch(
    /^Error: late\n {4}at line 2, column 7 of the code of step note\n {4}at step note \(\/steps\/1, line 1, column \d+\)$/,
  );
});

test('a failure in a middleware points into its own source', async () => {
  const { path } = await saveMiddleware([
    { id: 'check', do: 'code', source: "console.warn(new Error('seen'))\nthrow new Error('no')" },
  ]);
  const { endpoint } = await publishWorkflow([respond({ $: '1' })], {
    access: { level: 'public', middleware: [{ handler: path }] },
  });
  const response = await call(`/u/${endpoint.path}`, { method: 'POST' });
  expect(response.status).toBe(403);
  const { error, logs } = await runOf(response);
  expect(logs[0]!.message).toBe('Error: seen\n    at line 1, column 14 of the code of step check');
  expect(error!.stack).toMatch(
    /^Error: no\n {4}at line 2, column 7 of the code of step check\n {4}at step check \(\/steps\/0, line \d+, column \d+\)$/,
  );
});
