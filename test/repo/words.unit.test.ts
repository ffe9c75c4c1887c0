import { expect, test } from 'vitest';

/** What people read: sources, documents, and what scripts print. The pages that name the words are left out. */
const texts = import.meta.glob<string>(
  [
    '../../{src,scripts,packages,examples,docs,console}/**/*.{ts,tsx,js,py,md}',
    '../../*.md',
    '!../../docs/{style,glossary}.md',
    '!../../**/node_modules/**',
  ],
  { query: '?raw', import: 'default', eager: true },
);

/** Words that docs/style.md does not allow, as far as a word alone tells. */
const FORBIDDEN = /\b(nobody|whoever|anew|to the letter|meanwhile|of now|so to speak|it is none)\b/i;

test('no text uses the words that docs/style.md forbids', () => {
  const found = Object.entries(texts).flatMap(([file, text]) =>
    text
      .split('\n')
      .map((line, i) => ({ line: line.trim(), at: `${file.replace('../../', '')}:${i + 1}` }))
      .filter(({ line }) => FORBIDDEN.test(line))
      .map(({ line, at }) => `${at}: ${line}`),
  );
  expect(Object.keys(texts).length).toBeGreaterThan(500);
  expect(found).toEqual([]);
});
