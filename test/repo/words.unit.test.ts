import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/** Pages that name the forbidden words, this file, and texts of other products. */
const LEFT_OUT = /^docs\/(style|glossary)\.md$|^test\/repo\/words\.unit|^test\/fixtures\/|node_modules/;

/** Texts for people: sources, documents, tests, and the output of scripts. */
const texts = new Map(
  [
    ...globSync('{src,scripts,packages,examples,docs,console,bench,test}/**/*.{ts,tsx,js,py,md}', {
      exclude: ['**/node_modules/**'],
    }),
    ...globSync('*.md'),
  ]
    .filter((file) => !LEFT_OUT.test(file))
    .map((file) => [file, readFileSync(file, 'utf8')]),
);

/** Words that docs/style.md does not allow, as far as a word alone tells. */
const FORBIDDEN =
  /\b(nobody|whoever|anew|to the letter|meanwhile|of now|so to speak|it is none|(is|are) lent|obviously|basically)\b/i;

/** A line of a test that people read: a comment, or a name. Other texts of tests are data. */
const READ_IN_TESTS = /^\s*(\/\/|\/?\*)|\b(test|it|describe)(\.\w+)*(\(.*\))?\((['`])/;

/** A comment whose subject is a bare clause instead of a noun or a verb. */
const BARE_CLAUSE = /(?:\/\*\*?\s*(?:\n\s*\*\s*)?|^\s*\/\/ )(What|Who|Whom|Whose|Where|Whether)\b/gm;

const lineAt = (text: string, index: number): number => text.slice(0, index).split('\n').length;

test('no text uses the words that docs/style.md forbids', () => {
  const isRead = (file: string, line: string): boolean => !file.startsWith('test/') || READ_IN_TESTS.test(line);
  const found = [...texts].flatMap(([file, text]) =>
    text
      .split('\n')
      .map((line, index) => ({ line, at: `${file}:${index + 1}` }))
      .filter(({ line }) => FORBIDDEN.test(line) && isRead(file, line))
      .map(({ line, at }) => `${at}: ${line.trim()}`),
  );
  expect(texts.size).toBeGreaterThan(500);
  expect(found).toEqual([]);
});

test('no comment begins with a bare clause', () => {
  const found = [...texts]
    .filter(([file]) => /\.tsx?$/.test(file))
    .flatMap(([file, text]) =>
      [...text.matchAll(BARE_CLAUSE)].map(({ index, 0: comment }) => `${file}:${lineAt(text, index + comment.length)}`),
    );
  expect(found).toEqual([]);
});

test('a bare clause is seen in each form of comment', () => {
  const begins = (text: string): boolean => text.match(BARE_CLAUSE) !== null;
  expect(['/** What it returns. */', '/**\n * Where it is. */', '  // Who may.'].filter(begins)).toHaveLength(3);
  expect(['/** Places where it is. */', '// Whatever it is.', 'x(); // what'].filter(begins)).toEqual([]);
});
