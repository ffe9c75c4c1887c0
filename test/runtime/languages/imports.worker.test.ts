import { describe, expect, test } from 'vitest';
import { env } from 'cloudflare:workers';
import javascript from '../../../dist/harness/javascript-operation.txt?raw';
import { NODE_MODULES } from '../../../src/core/code/libraries';
import { createOperations } from '../../../src/runtime/operations/operations';
import { call, postJson, publish } from '../../support/publish';
import { publishWorkflow, respond, saveMiddleware } from '../../support/workflow';

const answerOf = async (path: string): Promise<unknown> => (await call(`/u/${path}`, { method: 'POST' })).json();

test('every module of Node that may be imported is there', async () => {
  const imports = NODE_MODULES.map((name) => `'${name}': await import('node:${name}')`).join(', ');
  const { endpoint } = await publish(
    `export default async () => Object.entries({ ${imports} }).filter(([, module]) => Object.keys(module).length === 0).map(([name]) => name)`,
  );
  expect(await answerOf(endpoint.path)).toEqual([]);
});

test('a handler computes with them, under both names', async () => {
  const { endpoint } = await publish(
    `import { createHash } from 'node:crypto'; import { Buffer as Bytes } from 'buffer'; import { join } from 'path';
     export default () => [createHash('sha256').update('a').digest('hex').slice(0, 8), Bytes.from('hi').toString('base64'), join('a', '../b')]`,
  );
  expect(await answerOf(endpoint.path)).toEqual(['ca978112', 'aGk=', 'b']);
});

test('import cannot be bypassed, and endpoints share no module state', async () => {
  const { endpoint } = await publish(
    `const attempt = (work) => { try { return typeof work() } catch (error) { return error.name } };
     export default () => [typeof process.getBuiltinModule, typeof globalThis.caches, typeof globalThis.require, attempt(() => eval('1')), attempt(() => new Function('return 1')),
       attempt(() => (async () => {}).constructor('return import("node:net")'))]`,
  );
  expect(await answerOf(endpoint.path)).toEqual([
    'undefined',
    'undefined',
    'undefined',
    'EvalError',
    'EvalError',
    'EvalError',
  ]);
  const { endpoint: unnamed } = await publish(
    `export default () => { let found; addEventListener('look', ({ target }) => { found = target['pro' + 'cess'] }); dispatchEvent(new Event('look'));
       return [typeof found.getBuiltinModule, typeof found.nextTick] }`,
  );
  expect(await answerOf(unnamed.path)).toEqual(['undefined', 'function']);
  const { endpoint: python } = await publish(
    'import js\nresult = lambda: [hasattr(js.process, "getBuiltinModule"), hasattr(js, "caches")]',
    {},
    'py',
  );
  expect(await (await call(`/u/${python.path}`, { method: 'POST' })).json()).toEqual([false, false]);
});

test.each(['pooled', 'per-call', 'shared'] as const)(
  '%s: a code step imports libraries and modules of Node',
  async (instance) => {
    const { endpoint } = await publishWorkflow(
      [
        {
          id: 'c',
          do: 'code',
          source: `const { z } = await import('zod'); const { createHash } = await import('node:crypto');
          return [z.int().safeParse('x').success, createHash('md5').update('').digest('hex').slice(0, 4)]`,
        },
        respond({ $: 'steps.c' }),
      ],
      { instance },
    );
    expect(await answerOf(endpoint.path)).toEqual([false, 'd41d']);
  },
);

test('a code step of a middleware imports a library', async () => {
  const guard = await saveMiddleware([
    { id: 'c', do: 'code', source: `const { z } = await import('zod'); return z.email().safeParse('a@b.dev').success` },
    { id: 's', do: 'set', name: 'ok', value: { $: 'steps.c' } },
  ]);
  const { endpoint } = await publishWorkflow([respond({ $: 'mw[0].ok' })], {
    access: { level: 'public', middleware: [{ handler: guard.path }] },
  });
  expect(await answerOf(endpoint.path)).toBe(true);
});

describe('a JavaScript operation', () => {
  const operations = createOperations(env, { shell: '', javascript });
  const run = async (code: string) => {
    const names = { input: {}, output: {}, param: {}, log: {} };
    const { exitCode, error, logs } = await operations.javascript({ code, names, outputs: [] }, [], 20_000);
    return { exitCode, error, stdout: new TextDecoder().decode(logs.get('stdout')) };
  };
  test('imports libraries and modules of Node', async () => {
    const code = `import { z } from 'zod'; import { sep } from 'node:path'; console.log('loaded');
      export default () => console.log(z.string().safeParse(1).success, sep, typeof process.getBuiltinModule)`;
    expect(await run(code)).toEqual({ exitCode: 0, error: undefined, stdout: 'loaded\nfalse / undefined\n' });
  });
  test('does not start with an import that is not there', async () => {
    expect(await run(`import 'zod';\nimport { env } from 'cloudflare:workers'; export default () => 1`)).toEqual({
      exitCode: 1,
      error: expect.stringMatching(/^line 2, column 1: module "cloudflare:workers" is not available/),
      stdout: '',
    });
  });
});

describe('/tmp of node:fs', () => {
  const SOURCE = `import { existsSync, readdirSync, writeFileSync } from 'node:fs';
    export default ({ name }) => { const before = readdirSync('/tmp'); writeFileSync('/tmp/' + name, 'left behind'); return before }`;
  const left = async (path: string, name: string): Promise<unknown> => (await postJson(`/u/${path}`, { name })).json();

  test.each(['pooled', 'per-call'] as const)('%s: is empty at every call', async (instance) => {
    const { endpoint } = await publish(SOURCE, { instance });
    for (const name of ['a', 'b', 'c']) expect(await left(endpoint.path, name)).toEqual([]);
    expect(await Promise.all(['d', 'e'].map((name) => left(endpoint.path, name)))).toEqual([[], []]);
  });
  test('shared: lasts as long as the instance, and is private to its endpoint', async () => {
    const [one, two] = [await publish(SOURCE, { instance: 'shared' }), await publish(SOURCE, { instance: 'shared' })];
    expect(await left(one.endpoint.path, 'a')).toEqual([]);
    expect(await left(one.endpoint.path, 'b')).toEqual(['a']);
    expect(await left(two.endpoint.path, 'c')).toEqual([]);
  });
});
