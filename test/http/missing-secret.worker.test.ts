import { env } from 'cloudflare:workers';
import { describe, expect, test } from 'vitest';
import { deleteSecret } from '../../src/core/publishing/secrets/delete-secret';
import { putSecret } from '../../src/core/publishing/secrets/put-secret';
import type { InstancePlan } from '../../src/runtime/types';
import { testContext } from '../support/context';
import { lend } from '../support/host';
import { postJson, publish, runOf, saveHandler, unique, type EndpointOptions } from '../support/publish';
import { publishWorkflow, respond, saveMiddleware, workflow } from '../support/workflow';

const ctx = testContext();
const keep = async (name = unique('SECRET').replaceAll('-', '_').toUpperCase()): Promise<string> =>
  (await putSecret(ctx, name, { value: 'a value of a secret', description: '', roles: [] })).name;

/** Handlers that would do something, which a row in D1 shows. */
const SOURCES: [string, string][] = [
  ['js', 'export default (p, ctx) => { console.log("ran with " + ctx.env); return 1 }'],
  ['ts', 'export function handler(r: Request, ctx: any) { console.log("ran"); return new Response("1") }'],
  ['py', 'print("ran")\ndef handler():\n    print("ran")\n    return 1'],
  ['workflow.json', workflow({ id: 'l', do: 'log', message: 'ran' }, respond(1))],
];
// A mode is the same to all languages, and each start of CPython costs a second.
const modesOf = (extension: string): InstancePlan['mode'][] =>
  extension === 'py' ? ['pooled'] : ['pooled', 'per-call', 'shared'];

describe.each(SOURCES)('a .%s handler', (extension, source) => {
  test.each(modesOf(extension))(
    '%s: does not run while a listed secret is not there, and runs when it is back',
    async (instance) => {
      const name = await keep();
      const { endpoint } = await publish(source, { secrets: [name], instance }, extension);
      const post = () => postJson(`/u/${endpoint.path}`, {});
      expect((await post()).status).toBe(200);
      await deleteSecret(ctx, name, true);
      const refused = await post();
      const text = await refused.text();
      expect([refused.status, JSON.parse(text)]).toMatchObject([503, { code: 'not_configured' }]);
      expect(text).not.toContain(name);
      expect(await runOf(refused)).toMatchObject({
        outcome: 'rejected',
        logs: [],
        error: { code: 'not_configured', message: `the secret ${name} does not exist, or has no value yet` },
      });
      await keep(name);
      expect((await post()).status).toBe(200);
    },
  );
});

test('the middleware does not run, and a caller without access gets the access error', async () => {
  const name = await keep();
  const { path } = await saveMiddleware([{ id: 'no', do: 'throw', message: 'the middleware ran' }]);
  const options: EndpointOptions = { secrets: [name], access: { level: 'public', middleware: [{ handler: path }] } };
  const { endpoint } = await publish('export default () => 1', options);
  await deleteSecret(ctx, name, true);
  const refused = await postJson(`/u/${endpoint.path}`, {});
  expect([refused.status, (await runOf(refused)).steps]).toEqual([503, []]);
  const { endpoint: closed } = await publish('export default () => 1', {
    secrets: [await keep()],
    access: { level: 'key' },
  });
  await env.DB.prepare('delete from secrets').run();
  expect((await postJson(`/u/${closed.path}`, {})).status).toBe(401);
});

test('a step does not call a handler whose secret was deleted during the call', async () => {
  const name = await keep();
  const { path } = await saveHandler('export default (p, ctx) => Object.keys(ctx.env)');
  const { endpoint } = await publishWorkflow([{ id: 'c', do: 'call', handler: path }, respond({ $: 'steps.c' })], {
    secrets: [name],
  });
  const { ask } = await lend(endpoint);
  const wish = { handler: path, params: {} };
  expect(await ask('handlers.call', wish)).toMatchObject({ ok: { status: 200, body: [name] } });
  await deleteSecret(ctx, name, true);
  expect(await ask('handlers.call', wish)).toMatchObject({ error: { code: 'not_configured' } });
});
