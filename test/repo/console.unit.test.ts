import { expect, test } from 'vitest';

const files = import.meta.glob<string>('../../console/src/**/*.{ts,tsx}', {
  query: '?raw',
  import: 'default',
  eager: true,
});
const service = import.meta.glob<string>('../../src/**/*.ts', { query: '?raw', import: 'default', eager: true });

/** Every import of a file: whether it is of types alone, and the path. */
const importsOf = (text: string): { isType: boolean; path: string }[] =>
  Array.from(text.matchAll(/^(?:import|export) (type )?(?:[^'";]*? from )?['"]([^'"]+)['"]/gm), ([, type, path]) => ({
    isType: type !== undefined,
    path: path!,
  }));

/** Modules of src/ that the console may use: the types of the routes and of their inputs and answers, and rules, which are pure. */
const mayUse = (path: string, isType: boolean): boolean =>
  isType
    ? /\/src\/(http\/admin\/|kernel\/errors$|(core|plynx)\/.*\.(schema|rules)$)/.test(path)
    : /\/src\/(core|plynx)\/.*\.rules$/.test(path);

test('the console uses types of the routes, and only pure rules, of the service', () => {
  expect(Object.keys(files).length).toBeGreaterThan(30);
  const wrong = Object.entries(files).flatMap(([file, text]) =>
    importsOf(text)
      .filter(({ path, isType }) => /(\.\.\/)+src\//.test(path) && !mayUse(path, isType))
      .map(({ path }) => `${file}: ${path}`),
  );
  expect(wrong).toEqual([]);
});

test('the rules of that see what they are to see', () => {
  const text = "import type { A } from '../../../src/storage/a';\nimport { b } from '../../../src/core/b.schema';\n";
  expect(importsOf(text).map(({ path, isType }) => mayUse(path, isType))).toEqual([false, false]);
  expect(mayUse('../../../src/core/access/permitted.rules', false)).toBe(true);
});

test('the service does not use the console', () => {
  const wrong = Object.entries(service).filter(([, text]) =>
    importsOf(text).some(({ path }) => path.includes('console/src')),
  );
  expect(wrong.map(([file]) => file)).toEqual([]);
});

test('text of the service becomes text on the screen, never markup', () => {
  const MARKUP =
    /dangerouslySetInnerHTML|\.innerHTML|\.outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function\(/;
  expect(
    Object.entries(files)
      .filter(([, text]) => MARKUP.test(text))
      .map(([file]) => file),
  ).toEqual([]);
});

test('two queries of the console never share a key: one would be shown the answer of the other', () => {
  const keys = Object.entries(files).flatMap(([file, text]) =>
    file.endsWith('.queries.ts') ? Array.from(text.matchAll(/queryKey: (\[[^\]]*\])/g), ([, key]) => key!) : [],
  );
  expect(keys.length).toBeGreaterThan(40);
  expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
});
