import { expect, test } from 'vitest';

const sources = import.meta.glob<string>(['../../src/**/*.ts', '!../../src/runtime/harness/**'], {
  query: '?raw',
  import: 'default',
  eager: true,
});

/** What a line of the log is made of: `console.error(JSON.stringify({ level: …, … }))`. */
const LINE = /console\.\w+\(\s*JSON\.stringify\(\{([\s\S]*?)\}\)/g;

test('a line of the log that has an error has its causes: a query that failed has its reason there', () => {
  const lines = Object.entries(sources).flatMap(([file, text]) =>
    [...text.matchAll(LINE)].map(([, fields]) => ({ file, fields: fields! })),
  );
  expect(lines.length).toBeGreaterThan(8);
  const withError = lines.filter(({ fields }) => /\berror:/.test(fields));
  const bare = withError.filter(({ fields }) => !/\berror: describeError\(\w+\)/.test(fields));
  expect(bare).toEqual([]);
});
