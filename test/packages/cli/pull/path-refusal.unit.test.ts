import { expect, test } from 'vitest';
import { pathRefusal } from '../../../../packages/cli/src/pull/path-refusal.ts';

test.each([
  'handlers/a/main.ts',
  'lib/package.ts',
  'roles.jsonc',
  'handlers/config.ts',
  'handlers/Zölle und Co.py',
  'handlers/a.ts.theirs',
])('a pull writes %s', (path) => expect(pathRefusal(path)).toBeNull());

test.each([
  '.git/hooks/post-merge',
  'lib/.envrc',
  'node_modules/hono/index.js',
  'portico.jsonc',
  'portico.jsonc.theirs',
  'a\\b.ts',
  '',
])('a pull refuses %s, which no push has', (path) => expect(pathRefusal(path)).toContain('not one of a project'));

test.each([
  'package.json',
  'Package.JSON',
  'lib/package-lock.json',
  'tsconfig.build.json',
  'vite.config.ts',
  'lib/esbuild.config.mjs.theirs',
])('a pull refuses %s, which says what programs run', (path) =>
  expect(pathRefusal(path)).toContain('change it by hand'),
);
