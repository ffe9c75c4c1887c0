import { expect, test } from 'vitest';
import operations from '../../docs/operations.md?raw';
import { LOG_EVENTS } from '../../src/kernel/logger';

const sources = import.meta.glob<string>(['../../src/**/*.ts', '!../../src/runtime/harness/**'], {
  query: '?raw',
  import: 'default',
  eager: true,
});

/** A call of a logger: its message, as it is in the source, and its event. */
const LINE =
  /\b\w*[lL]og(?:\.for\([^)]*\)(?:\s*\)?)*)?\s*\.(?:info|warn|error)\(\s*('[^']*'|[^,]+),\s*\{[\s\S]*?event: '([^']+)'/g;

const lines = Object.values(sources).flatMap((text) =>
  [...text.matchAll(LINE)].map(([, message, event]) => ({ message: message!, event: event! })),
);

test('every event is logged somewhere, and nothing else is', () => {
  expect([...new Set(lines.map(({ event }) => event))].toSorted()).toEqual(LOG_EVENTS.toSorted());
});

test('messages are constants: values are in fields', () => {
  expect(lines.map(({ message }) => message).filter((message) => !/^'[^']+'$/.test(message))).toEqual([]);
});

test('docs/operations.md has a row for every event', () => {
  const rows = [...operations.matchAll(/^\| `([a-z_]+(?:\.[a-z_]+)+)` \|/gm)].map(([, event]) => event!);
  expect(rows.toSorted()).toEqual(LOG_EVENTS.toSorted());
});
