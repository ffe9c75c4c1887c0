import fc from 'fast-check';
import { checkWorkflow } from '../../../../src/core/workflow/check/check.rules';

/** Expressions that workflows are made of here: right ones, ones that fail at run time, ones that refer to what may not be there. */
const EXPRESSIONS = [
  'params.n',
  'params.list',
  'params.text',
  'params.n > 2',
  'vars.a',
  'vars.b ?? 0',
  'vars.a?.x',
  'steps.s0',
  'steps.s1',
  'steps.s2 ?? 1',
  'steps.s3?.id',
  'loop.index',
  'loop.item',
  'loop.index < 2',
  'error.message',
  'body.a',
  'query.q',
  'headers.host',
  'auth.user.id',
  'params.list.map((x) => x * 2)',
  'params.nothing.at.all',
  'params[vars.a]',
  '({ ...params })',
  'params.n / 0',
  '[1, 2, 3][params.n]',
  '`${params.text}!`',
  'false',
  'null',
  '() => 1',
];
const value = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...EXPRESSIONS).map(($) => ({ $ })) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('hi {{params.text}}', '{{vars.a}}{{params.list}}', '{{').map((tpl) => ({ tpl })),
  },
  { weight: 1, arbitrary: fc.constantFrom('text', 1, true, null, [1, { a: { $: 'params.n' } }]) },
);
const variable = fc.constantFrom('a', 'b');
const table = fc.constant('t');

type Raw = Record<string, unknown>;
const { block } = fc.letrec<{ block: Raw[]; step: Raw }>((tie) => ({
  block: fc.array(tie('step'), { maxLength: 4, depthIdentifier: 'steps' }),
  step: fc.oneof(
    { depthIdentifier: 'steps', maxDepth: 3, depthSize: 'small' },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('set'), name: variable, value }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('log'), message: value }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('stop') }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('throw'), message: fc.constant('thrown'), status: fc.constantFrom(400, 503) }, { requiredKeys: ['do', 'message'] }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('respond'), body: value, continue: fc.boolean() }, { requiredKeys: ['do'] }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('table.insert'), table, values: fc.record({ v: value }) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('table.get'), table, row: fc.constantFrom('r1', { $: 'params.n' }) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('call'), handler: fc.constant('x.js'), with: fc.record({ v: value, k: fc.constant({ secret: 'KEY' }) }) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('code'), source: fc.constantFrom('return params.n', 'return vars.a.b', 'return [loop, error]', 'throw new Error("code")') }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('sleep'), ms: fc.constantFrom(0, { $: 'params.n' }) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('if'), when: value, then: tie('block'), else: tie('block') }, { requiredKeys: ['do', 'when', 'then'] }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('switch'), cases: fc.array(fc.record({ when: value, steps: tie('block') }), { minLength: 1, maxLength: 2 }), default: tie('block') }, { requiredKeys: ['do', 'cases'] }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('each'), items: fc.constantFrom([1, 2], { $: 'params.list' }, { $: 'params.n' }), steps: tie('block') }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('while'), when: fc.constantFrom({ $: 'loop.index < 2' }, true, { $: 'vars.a' }), limit: fc.constant(3), steps: tie('block') }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('try'), steps: tie('block'), catch: tie('block') }) },
  ), // oxfmt-ignore
}));

function number(steps: Raw[], next: { id: number }): Raw[] {
  const inner = (field: unknown): unknown => {
    if (!Array.isArray(field)) return field;
    const items = field as Raw[];
    if (items.some((item) => typeof item === 'object' && item !== null && 'do' in item)) return number(items, next);
    return items.map((item) =>
      typeof item === 'object' && item !== null && 'steps' in item
        ? { ...item, steps: number(item['steps'] as Raw[], next) }
        : item,
    );
  };
  return steps.map((step) => {
    const id = `s${next.id++}`;
    return { id, ...Object.fromEntries(Object.entries(step).map(([name, field]) => [name, inner(field)])) };
  });
}

/** Puts a literal wherever the checks say that a value is wrong, until they pass. */
function mend(workflow: { kind: string; steps: Raw[] }): object {
  const text = JSON.stringify(workflow);
  const { errors } = checkWorkflow(text);
  if (errors.length === 0) return workflow;
  const copy = JSON.parse(text) as { kind: string; steps: Raw[] };
  for (const { pointer } of errors) {
    const path = pointer.split('/').slice(1);
    const last = path.pop() ?? '';
    const parent = path.reduce<unknown>((part, name) => (part as Record<string, unknown>)[name], copy) as Record<
      string,
      unknown
    >;
    parent[last] = last === 'items' ? [1] : 1;
  }
  return mend(copy);
}

/** Without these most references would be to nothing, and be mended away. */
const PRELUDE: Raw[] = [
  { do: 'set', name: 'a', value: { $: 'params.n' } },
  { do: 'table.get', table: 't', row: 'r1' },
  { do: 'set', name: 'b', value: { $: '({ x: params.list })' } },
];

/** Workflows and middleware that pass the checks. */
export const checkedWorkflow = fc
  .tuple(
    fc.constantFrom('workflow', 'workflow', 'workflow', 'middleware'),
    fc.boolean(),
    fc.array(block, { maxLength: 3 }),
  )
  .map(([kind, prelude, blocks]) =>
    mend({ kind, steps: number([...(prelude ? PRELUDE : []), ...blocks.flat()], { id: 0 }) }),
  );
