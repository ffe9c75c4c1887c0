import { expect, test } from 'vitest';
import { ParameterInput } from '../../../src/core/parameters/parameter.schema';

/** Issues of a declaration, as paths; empty for a good one. */
const issues = (declared: object): string[] =>
  ParameterInput.safeParse({ name: 'a', ...declared }).error?.issues.map(({ path }) => path.join('.')) ?? [];

test.each([
  [{ type: 'integer', min: 1, max: 1 }, []],
  [{ type: 'integer', min: 2, max: 1 }, ['max']],
  [{ type: 'text', minLength: 3, maxLength: 2 }, ['maxLength']],
  [{ type: 'text', maxLength: 0 }, []],
  [{ type: 'text', min: 1 }, ['min']],
  [{ type: 'integer', minLength: 1 }, ['minLength']],
  [{ type: 'enum' }, ['values']],
  [{ type: 'file', in: 'query' }, ['in']],
  [{ name: '__proto__' }, ['name']],
])('a declaration that nothing could meet, or that means nothing, is refused: %j', (declared, wanted) => {
  expect(issues(declared)).toEqual(wanted);
});
