import fc from 'fast-check';
import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import { checkWorkflow } from '../../../../src/core/workflow/check/check.rules';
import { parseExpression } from '../../../../src/core/workflow/language/expression.rules';
import { parseTemplate } from '../../../../src/core/workflow/language/template.rules';
import { renameParameter } from '../../../../src/core/workflow/rename/rename-parameter.rules';
import { checkedWorkflow } from '../support/generate';
import { runWorkflows, type Outcome } from '../support/isolate';

const world = `{
  tables: { insert: async (table, values) => { if (values.v === null) throw new Error('no nulls'); return { id: 'r1', ...values } }, get: async (table, row) => (row === 'r1' ? { id: row } : null) },
  call: async ({ params }) => ({ status: params.v === 1 ? 500 : 200, body: params }),
}`;
const ctx = { params: { n: 3, list: [1, 2], text: 'x' }, env: { KEY: 'sesame-open' } };

test('a workflow that passes the checks runs without an internal error and answers exactly once', async () => {
  await fc.assert(
    // Many in one isolate: each new one costs more than all that run there.
    fc.asyncProperty(fc.array(checkedWorkflow, { minLength: 25, maxLength: 25 }), async (workflows) => {
      const runs = await runWorkflows(workflows, {
        world,
        ctx,
        request: { url: 'https://e.test/?q=1', body: '{"a":{"b":1}}' },
      });
      expect(runs).toHaveLength(workflows.length);
      runs.forEach(expectWhole);
    }),
    { numRuns: 10 },
  );
}, 60_000);

function expectWhole(run: Outcome): void {
  // Exactly one of both: an answer, or an error that belongs to a step.
  expect('answer' in run && run.answer !== undefined).toBe(run.error === undefined);
  for (const error of [run.error, ...run.late]) {
    if (error === undefined) continue;
    expect(error.step).toMatch(/^s\d+$/);
    expect(['ReferenceError', 'SyntaxError']).not.toContain(error.name);
  }
  const responses = run.steps.filter(({ action, outcome }) => action === 'respond' && outcome === 'success');
  expect(responses.length).toBeLessThanOrEqual(1);
  if (responses.length === 1) expect(run.error).toBeUndefined();
  if (run.late.length > 0) expect([responses.length, run.continued]).toEqual([1, 1]);
  expect(run.steps.filter(({ outcome }) => outcome === 'running')).toEqual([]);
  expect(JSON.stringify(run.steps)).not.toContain('sesame');
}

/** Pieces that lead out of an expression when they get through, among pieces that do not. */
const name = fc.constantFrom(
  'params',
  'vars',
  'steps',
  'body',
  'Math',
  'Object',
  'Number',
  'String',
  'x',
  'globalThis',
  'self',
  'process',
  'Function',
  'Reflect',
  'eval',
  'console',
  'undefined',
  '$key',
  '$run',
);
const member = fc.constantFrom(
  'a',
  'list',
  'map',
  'call',
  'bind',
  'toString',
  'valueOf',
  'at',
  'constructor',
  '__proto__',
  'prototype',
  '__lookupGetter__',
  '__defineGetter__',
  'keys',
  'entries',
  'max',
);
const { expression } = fc.letrec<{ expression: string }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 4, depthSize: 'medium' },
    name,
    fc.constantFrom('1', '"con"', '"structor"', '"constructor"', '"__proto__"', 'null', 'this', '[]', '{}', '``', '/x/g', 'import.meta', 'new.target', 'arguments'),
    fc.tuple(tie('expression'), fc.constantFrom('.', '?.'), member).map(([object, dot, property]) => `${object}${dot}${property}`),
    fc.tuple(tie('expression'), fc.constantFrom('', '?.'), tie('expression')).map(([object, dot, key]) => `${object}${dot}[${key}]`),
    fc.tuple(tie('expression'), tie('expression')).map(([callee, argument]) => `${callee}(${argument})`),
    fc.tuple(tie('expression'), fc.constantFrom('+', '??', '&&', ',', '=', 'in', 'instanceof'), tie('expression')).map(([a, operator, b]) => `(${a} ${operator} ${b})`),
    fc.tuple(fc.constantFrom('x', '{ constructor: x }', '{ a: x = this }', '[x]', '...x', '{ ["constructor"]: x }'), tie('expression')).map(([parameter, body]) => `((${parameter}) => ${body})`),
    tie('expression').map((inner) => `({ toString: () => ${inner}, [${inner}]: 1 })`),
    tie('expression').map((inner) => `\`\${${inner}}\``),
    tie('expression').map((inner) => `new ${inner}(1)`),
    tie('expression').map((inner) => `[...${inner}, ${inner}]`),
    tie('expression').map((inner) => `(function () { return ${inner} })()`),
  ),
})); // oxfmt-ignore

/**
 * A world in which leaving the roots rings a bell: the class of every function, object, text and number, and every global that is not
 * on the list, is a getter that counts.
 */
const wired = (expressions: string[]): string => `
import { WorkerEntrypoint } from 'cloudflare:workers';
import { $key } from './names.js';
const rung = [];
const wire = (object, name) => {
  const real = object[name];
  let armed = true;
  Object.defineProperty(object, name, { configurable: true, get() { if (globalThis.__armed) rung.push(name); return real; }, set() { if (globalThis.__armed) rung.push('set ' + name); } });
};
const params = { a: { b: 1 }, list: [1, 2, 3], n: 3 }, vars = { a: 'constructor', list: ['__proto__'] }, steps = { a: [] }, body = { a: '__proto__' };
const thunks = [${expressions.map((text) => `() => (${text})`).join(',\n')}];
for (const name of ['self', 'process', 'Function', 'Reflect', 'eval', 'console']) wire(globalThis, name);
for (const { prototype } of [Object, Function, String, Number, Boolean]) wire(prototype, 'constructor');
export default class extends WorkerEntrypoint {
  async call() {
    for (const [index, thunk] of thunks.entries()) {
      globalThis.__armed = true;
      let result;
      try { result = thunk(); } catch {} finally { globalThis.__armed = false; }
      if (result === globalThis || result === Object.prototype || result === Function.prototype) rung.push('result');
      if (rung.length > 0) return JSON.stringify({ index, rung });
    }
    return JSON.stringify(Object.keys(Object.prototype));
  }
}`;
interface HandlerStub extends Rpc.WorkerEntrypointBranded {
  call(): Promise<string>;
}
async function ring(expressions: string[]): Promise<string> {
  const names = import.meta.glob<string>('../../../../src/runtime/harness/workflow/names.ts', {
    query: '?raw',
    import: 'default',
    eager: true,
  });
  const library = (Object.values(names)[0] ?? '').replaceAll(
    /: (unknown\[\]|unknown|string \| number|string)(?=[,) {])/g,
    '',
  );
  const worker = env.LOADER.load({
    compatibilityDate: '2026-10-20',
    mainModule: 'door.js',
    modules: { 'door.js': wired(expressions), 'names.js': library },
    limits: { cpuMs: 60_000, subRequests: 100 },
    globalOutbound: null,
  });
  return worker.getEntrypoint<HandlerStub>().call();
}

test('no expression reaches outside its roots', async () => {
  let passed = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(expression, { minLength: 200, maxLength: 400 }), async (texts) => {
      const allowed = texts.map(parseExpression).filter(({ issues }) => issues.length === 0);
      passed += allowed.length;
      expect(await ring(allowed.map(({ code }) => code))).toBe('[]');
    }),
    { numRuns: 25, endOnFailure: true },
  );
  expect(passed).toBeGreaterThan(300);
}, 60_000);

test('the trip wires report code that leaves the isolate', async () => {
  // Code that the checks refuse, put there by hand.
  for (const text of [
    'params.constructor',
    'params.list.map.constructor',
    '(() => 1)["constructor"]',
    'self',
    'Object.prototype',
    '"".constructor',
  ]) {
    expect(await ring([text]), text).not.toBe('[]');
  }
  expect(await ring(['params[$key("constructor")]', 'params.a'])).toBe('[]');
});

test('no text makes the checks throw', () => {
  const text = fc.oneof(
    fc.string(),
    fc.string({ unit: 'grapheme' }),
    expression,
    fc
      .array(fc.constantFrom('{{', '}}', '{', '}', '`', '${', 'a', '"', '/', '*', '\\\\', ' ', '(', ')', 'params'))
      .map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(text, (source) => {
      parseExpression(source);
      parseTemplate(source);
      checkWorkflow(source);
      checkWorkflow(
        JSON.stringify({
          kind: 'workflow',
          steps: [
            { id: 'a', do: 'code', source },
            { id: 'b', do: 'respond', body: [{ $: source }, { tpl: source }] },
          ],
        }),
      );
    }),
    { numRuns: 500 },
  );
});

test('no JSON makes the checks throw', () => {
  const step = fc.object({
    key: fc.constantFrom(
      'id',
      'do',
      'when',
      'then',
      'else',
      'cases',
      'steps',
      'value',
      '$',
      'tpl',
      'secret',
      'table',
      'where',
    ),
    values: [fc.constantFrom('if', 'set', 'each', 'switch', 'try', 'table.get', 'a', 1, null, true)],
    maxDepth: 4,
  });
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const { workflow, errors } = checkWorkflow(JSON.stringify({ kind: 'workflow', steps }));
      expect(workflow === null).toBe(errors.length > 0);
    }),
    { numRuns: 500 },
  );
});

test('renaming there and back changes nothing', () => {
  fc.assert(
    fc.property(checkedWorkflow, (workflow) => {
      const source = JSON.stringify(workflow, null, 2);
      // A middleware's parameters are its own.
      fc.pre(!source.includes('"middleware"'));
      const there = renameParameter(source, 'n', 'renamed');
      expect(there.source).not.toMatch(/\bparams\.n\b/);
      expect(renameParameter(there.source, 'renamed', 'n').source).toBe(source);
    }),
  );
});
