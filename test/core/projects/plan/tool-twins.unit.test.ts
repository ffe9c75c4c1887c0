import { expect, test } from 'vitest';
import type { PushStep } from '../../../../src/core/projects/plan/to-step';
import { toolTwins } from '../../../../src/core/projects/plan/tool-twins';

const endpoint = (path: string, tool: unknown): PushStep => ({
  kind: 'endpoint',
  identity: `POST ${path}`,
  action: 'create',
  target: { path, handler: 'a.ts', tool },
  found: null,
  base: null,
  pushed: null,
  isAmbiguous: false,
  changes: {},
  losses: [],
  issues: [],
});

test('two endpoints of one push that would be one tool are an issue of the second', () => {
  const [first, second] = [endpoint('orders/new', true), endpoint('other', { name: 'Orders_New' })];
  expect(toolTwins([first, endpoint('orders', false), second, endpoint('third', true)])).toEqual([
    { step: second, issue: { pointer: '#/tool', code: 'name_taken', message: expect.stringContaining('orders/new') } },
  ]);
});
