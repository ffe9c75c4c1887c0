import { expect, test } from 'vitest';
import { toParameter, undeclaredOf } from '../../../../packages/cli/src/commands/run.ts';

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

test('names that an endpoint does not declare are found, unless it declares none', () => {
  const parameters = [{ name: 'email', sentAs: 'e-mail', aliases: ['mail'] }];
  const names = ['email', 'mail', 'e-mail', 'id', 'emial'];
  expect(undeclaredOf({ path: 'orders/:id', parameters }, names)).toEqual(['emial']);
  expect(undeclaredOf({ path: 'orders', parameters: [] }, ['any'])).toEqual([]);
});
