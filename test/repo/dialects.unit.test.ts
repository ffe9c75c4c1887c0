import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/*
 * `core` speaks Portico's nouns. PLynx and Instabase have rooms of their own, `src/plynx/` and `src/http/instabase/`, with the words of their
 * wires; here is every line of `core` that names one of them all the same.
 */

const NAME = /plynx|instabase/i;
/** Graphs are documents of the room `plynx/`; test/repo/rooms.ts says who may use it. */
const IMPORT = /from '(\.\.\/)+plynx\//;

const ALLOWED: readonly { file: string; line: string; why: string }[] = [
  {
    file: 'identity/tokens/jwt.ts',
    line: "graphs: 'plynx' }",
    why: 'the claim of tokens that are in use: a new word would end them',
  },
  {
    file: 'identity/tokens/explain-credential.ts',
    line: 'valid for published endpoints and for the API of Instabase',
    why: 'tells a caller where their credential is valid, in the name that the documents of that API have',
  },
  {
    file: 'identity/tokens/explain-credential.ts',
    line: "a token of PLynx's API",
    why: 'tells a caller where their credential is valid, in the name that the documents of that API have',
  },
  {
    file: 'identity/tokens/token.schema.ts',
    line: "manage endpoints over Instabase's API",
    why: 'is the description of a field in the API reference, for readers who know that API by its name',
  },
  {
    file: 'publishing/endpoints/endpoint-path.rules.ts',
    line: "'plynx',",
    why: 'is the first segment of addresses that no endpoint may take',
  },
];

const named = globSync('src/core/**/*.ts').flatMap((file) =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => NAME.test(line) && !IMPORT.test(line))
    .map((line) => ({ file: file.slice('src/core/'.length), line })),
);

test('core names no dialect but where its callers and their tokens do', () => {
  const isAllowed = (one: { file: string; line: string }): boolean =>
    ALLOWED.some(({ file, line }) => file === one.file && one.line.includes(line));
  expect(named.filter((one) => !isAllowed(one))).toEqual([]);
});

test('every exception is still there', () => {
  const isThere = ({ file, line }: { file: string; line: string }): boolean =>
    named.some((one) => one.file === file && one.line.includes(line));
  expect(ALLOWED.filter((one) => !isThere(one))).toEqual([]);
});
