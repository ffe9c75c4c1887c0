import { expect, test } from 'vitest';
import { toParameter } from '../../../../packages/cli/src/commands/run.ts';

test.each([
  ['n=12', 12],
  ['n="12"', '12'],
  ['n=Ada', 'Ada'],
  ['n=a=b', 'a=b'],
  ['n={"a":[1]}', { a: [1] }],
  ['n=9007199254740993', '9007199254740993'],
  ['n={"a":1,"a":2}', '{"a":1,"a":2}'],
])('%s is the value %j', (pair, value) => {
  expect(toParameter(pair)).toEqual(['n', value]);
});
