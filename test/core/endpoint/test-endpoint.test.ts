import { expect, test } from 'vitest';
import type { z } from 'zod';
import { createVersion } from '../../../src/core/handler/create-version';
import { CreateVersionInput } from '../../../src/core/handler/handler.schema';
import { testEndpoint } from '../../../src/core/endpoint/test-endpoint';
import { toProblem } from '../../../src/http/errors';
import { TestEndpointInput } from '../../../src/core/endpoint/test-endpoint.schema';
import { codeOf } from '../../support/code-of';
import { actorWith, testContext } from '../../support/context';
import { makeKey, publish } from '../../support/publish';

const ctx = testContext();
const run = (id: string, input: z.input<typeof TestEndpointInput> = {}, as = ctx) =>
  testEndpoint(as, id, TestEndpointInput.parse(input), { render: toProblem });

test('missing parameters take their test values, given ones win, wherever they stand', async () => {
  const { endpoint } = await publish('export default (p, ctx) => ({ ...p, caller: ctx.caller.kind })', {
    access: { level: 'key' },
    subpaths: true,
    parameters: [
      { name: 'a', test: 'A', required: true },
      { name: 'n', type: 'integer', in: 'query', test: 5 },
      { name: 'seg', in: 'path', test: 'x y/z' },
      { name: 'X-Lang', in: 'header', test: 'el' },
      { name: 'none' },
    ],
  });
  const { run: record, response } = await run(endpoint.id, { parameters: { n: 7, extra: true } });
  expect(JSON.parse(response.body)).toEqual({
    a: 'A',
    n: 7,
    seg: 'x y/z',
    'X-Lang': 'el',
    extra: true,
    caller: 'anonymous',
  });
  expect(record).toMatchObject({ kind: 'test', outcome: 'success', status: 200, endpointId: endpoint.id });
  const key = await makeKey();
  expect(JSON.parse((await run(endpoint.id, { as: { key: key.id } })).response.body)).toMatchObject({ caller: 'key' });
});

test('any version can be tried, also one that is not deployed', async () => {
  const { endpoint, handler } = await publish('export default () => 1');
  await createVersion(
    ctx,
    handler.id,
    CreateVersionInput.parse({ source: 'export default () => 2', deploy: false }),
    null,
  );
  expect((await run(endpoint.id)).response.body).toBe('1');
  expect(await run(endpoint.id, { version: 2 })).toMatchObject({ response: { body: '2' }, run: { handlerVersion: 2 } });
  expect(await codeOf(run(endpoint.id, { version: 3 }))).toBe('invalid_input');
});

test.each([
  ['a failure', 'export default () => { throw new Error("no") }', 'failed'],
  ['an answer that may not go out', 'export default () => new Uint8Array(1)', 'failed'],
  ['a late failure', 'export default (p, ctx) => { ctx.waitUntil(Promise.reject(new Error("late"))); return 1 }', 'failed_after_response'],
  ['a body that breaks', 'export const handler = () => new Response(new ReadableStream({ async start(c) { await 1; c.error(new Error("x")) } }), { headers: { "content-type": "text/plain" } })', 'failed'],
])('%s is an answer with its record, not a failure of the test run', async (_name, source, outcome) => {
  const { endpoint } = await publish(source);
  expect((await run(endpoint.id)).run).toMatchObject({ kind: 'test', outcome });
}); // prettier-ignore

test('parameters that break a rule are refused, and nobody runs what runs as somebody else', async () => {
  const { endpoint } = await publish('export default () => 1', { parameters: [{ name: 'n', type: 'integer' }] });
  expect(await codeOf(run(endpoint.id, { parameters: { n: 'x' } }))).toBe('invalid_parameters');
  expect(await codeOf(run(endpoint.id, {}, testContext(actorWith('developer'))))).toBe('forbidden');
  expect(await codeOf(run(endpoint.id, {}, testContext(actorWith('viewer'))))).toBe('forbidden');
  expect(await codeOf(run('ep_none'))).toBe('not_found');
});
