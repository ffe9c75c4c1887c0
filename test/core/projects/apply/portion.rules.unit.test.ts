import { expect, test } from 'vitest';
import { choosePortion } from '../../../../src/core/projects/apply/portion.rules';
import type { PushStep } from '../../../../src/core/projects/plan/to-step';

/** The parts of a step that a portion depends on. */
const step = (
  kind: PushStep['kind'],
  identity: string,
  target: object | null = {},
  action: PushStep['action'] = 'create',
) => ({ kind, identity, action, target, found: null }) as unknown as PushStep;
const endpoint = (path: string, handler: string, middleware: string[] = []) =>
  step('endpoint', `POST ${path}`, { handler, access: { middleware: middleware.map((each) => ({ handler: each })) } });
const names = (steps: PushStep[], limit: number) => {
  const { chosen, isAll } = choosePortion(steps, limit);
  return [chosen.map(({ identity }) => identity), isAll];
};

test('an endpoint is never without its handler and middleware, however they are listed', () => {
  const steps = [
    step('handler', 'a.js'),
    step('handler', 'b.js'),
    step('handler', 'guard.workflow.json'),
    endpoint('a', 'a.js', ['guard.workflow.json']),
    endpoint('b', 'b.js'),
    endpoint('c', 'b.js', ['guard.workflow.json']),
  ];
  expect(choosePortion(steps, 3)).toMatchObject({ isAll: true });
  expect(choosePortion(steps, 3).chosen).toHaveLength(6);
});

test('what endpoints name comes first, deletions last, and no part is empty', () => {
  const steps = [
    step('endpoint', 'POST gone', null, 'delete'),
    step('handler', 'a.js'),
    endpoint('a', 'a.js'),
    step('role', 'r'),
    step('role', 'left', null, 'left'),
  ];
  expect(names(steps, 1)).toEqual([['r'], false]);
  expect(choosePortion(steps.slice(0, 3), 1)).toMatchObject({ chosen: { length: 2 }, isAll: false });
  const [whole, isAll] = names(steps, 10) as [string[], boolean];
  expect([whole[0], whole.slice(1, 3).toSorted(), whole[3], isAll]).toEqual([
    'r',
    ['POST a', 'a.js'],
    'POST gone',
    true,
  ]);
  expect(names([], 1)).toEqual([[], true]);
});
