import { expect, test } from 'vitest';
import { mayReadProcess } from '../../../src/core/code/reads-process.rules';

test.each<[string, string, string[], boolean]>([
  ['code that only computes', 'export default ({ a }) => ({ a, selfish: 1 })', [], false],
  ['a module of Node', `import { createHash } from 'node:crypto'`, [], false],
  ['its name', 'export default () => process.hrtime()', [], true],
  ['its name as text', `export default (all) => all['process']`, [], true],
  ['the global object', `export default () => globalThis['pro' + 'cess']`, [], true],
  ['an escaped name', 'export default () => pr\\u006fcess.pid', [], true],
  ['a library', 'export default app', ['hono'], true],
])('mayReadProcess of %s', (_name, code, libraries, expected) =>
  expect(mayReadProcess({ code, libraries })).toBe(expected),
);
