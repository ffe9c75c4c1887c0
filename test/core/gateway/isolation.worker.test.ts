import { expect, test } from 'vitest';
import { createEndpoint } from '../../../src/core/publishing/endpoints/create-endpoint';
import { deleteEndpoint } from '../../../src/core/publishing/endpoints/delete-endpoint';
import { CreateEndpointInput, type SavedEndpoint } from '../../../src/core/publishing/endpoints/endpoint.schema';
import { testContext } from '../../support/context';
import { call, ensureAdmin, saveHandler, unique, type EndpointOptions } from '../../support/publish';
import { respond, saveMiddleware, workflow } from '../../support/workflow';

/** A handler that counts its calls in its module; under the same name in every isolate, so that sharing one would show. */
const COUNTERS = {
  js: 'globalThis.seen = (globalThis.seen ?? 0); export default () => ++globalThis.seen',
  ts: 'let seen: number = 0; export default (): number => ++seen',
  py: 'seen = 0\ndef count():\n    global seen\n    seen += 1\n    return seen\nresult = count',
  'workflow.json': workflow(
    { id: 'c', do: 'code', source: 'return globalThis.seen = (globalThis.seen ?? 0) + 1' },
    respond({ $: 'steps.c' }),
  ),
};

async function link(handler: { path: string }, id?: string, more: EndpointOptions = {}): Promise<SavedEndpoint> {
  await ensureAdmin();
  const input = { path: unique('ep'), access: { level: 'public' }, ...more, handler: { path: handler.path } };
  return createEndpoint(testContext(), CreateEndpointInput.parse(input), id);
}
const count = async ({ path }: SavedEndpoint): Promise<unknown> =>
  (await call(`/u/${path}`, { method: 'POST' })).json();

test.each(Object.entries(COUNTERS))(
  '%s: two endpoints of one handler have each a module of their own',
  async (extension, source) => {
    const handler = await saveHandler(source, `${unique('count')}.${extension}`);
    const [one, two] = [await link(handler), await link(handler)];
    expect([await count(one), await count(one), await count(two), await count(one)]).toEqual([1, 2, 1, 3]);
  },
);

test('an endpoint that has the id of a deleted one starts afresh', async () => {
  const handler = await saveHandler(COUNTERS.js);
  const id = unique('again');
  const first = await link(handler, id);
  expect([await count(first), await count(first)]).toEqual([1, 2]);
  await deleteEndpoint(testContext(), first.id, null);
  // Made in the same millisecond it would be the same endpoint as before.
  const madeAt = Date.now();
  while (Date.now() === madeAt) await scheduler.wait(1);
  expect(await count(await link(handler, id))).toBe(1);
});

test('a handler that a step calls does not meet that of an endpoint whose id looks like it', async () => {
  const counter = await saveHandler(COUNTERS.js);
  const calling = await saveHandler(
    workflow({ id: 'c', do: 'call', handler: counter.path }, respond({ $: 'steps.c' })),
    `${unique('calling')}.workflow.json`,
  );
  const id = unique('calls');
  const one = await link(calling, id);
  const others = [await link(counter, `${id}.call`), await link(counter, `${id}~call`)];
  expect([await count(one), await count(one)]).toEqual([1, 2]);
  for (const other of others) expect(await count(other)).toBe(1);
});

test('a called handler does not meet the one that its endpoint serves', async () => {
  const path = `${unique('self')}.js`;
  const counter = await saveHandler(COUNTERS.js, path);
  const served = await link(counter);
  const guard = await saveMiddleware([
    { id: 'c', do: 'call', handler: path },
    { id: 's', do: 'set', name: 'calls', value: { $: 'steps.c' } },
  ]);
  const guarded = await link(counter, undefined, {
    access: { level: 'public', middleware: [{ handler: guard.path }] },
  });
  expect([await count(served), await count(guarded), await count(guarded)]).toEqual([1, 1, 2]);
});

test('a middleware has one isolate per endpoint and position', async () => {
  const guard = await saveMiddleware([
    { id: 'c', do: 'code', source: 'return globalThis.seen = (globalThis.seen ?? 0) + 1' },
    { id: 's', do: 'set', name: 'seen', value: { $: 'steps.c' } },
  ]);
  const handler = await saveHandler(
    workflow(respond({ $: '[mw[0].seen, mw[1].seen]' })),
    `${unique('mw')}.workflow.json`,
  );
  const access = { level: 'public' as const, middleware: [{ handler: guard.path }, { handler: guard.path }] };
  const [one, two] = [await link(handler, undefined, { access }), await link(handler, undefined, { access })];
  expect([await count(one), await count(two), await count(one)]).toEqual([
    [1, 1],
    [1, 1],
    [2, 2],
  ]);
});
