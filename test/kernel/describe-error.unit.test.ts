import { DrizzleQueryError } from 'drizzle-orm/errors';
import { expect, test } from 'vitest';
import { describeError } from '../../src/kernel/describe-error';

test('an error is described with its stack and its causes, whatever was thrown', () => {
  const error = new RangeError('Failed query', { cause: new Error('D1_ERROR: locked', { cause: 'SQLITE_BUSY' }) });
  expect(describeError(error)).toEqual({
    name: 'RangeError',
    message: 'Failed query',
    stack: expect.stringMatching(/^RangeError: Failed query\n    at /),
    cause: {
      name: 'Error',
      message: 'D1_ERROR: locked',
      stack: expect.any(String),
      cause: { name: 'string', message: 'SQLITE_BUSY' },
    },
  });
  expect(describeError(undefined)).toEqual({ name: 'undefined', message: 'undefined' });
});

test('causes that form a circle end after the fifth', () => {
  const error = new Error('round');
  error.cause = error;
  expect(JSON.stringify(describeError(error)).match(/"cause"/g)).toHaveLength(5);
});

test('a query that failed is described without its parameters', () => {
  const error = new DrizzleQueryError('update keys set hash = ?', ['a-hash\n$&'], new Error('D1_ERROR: locked'));
  const described = describeError(error);
  expect(described).toMatchObject({
    message: 'Failed query: update keys set hash = ?',
    stack: expect.stringMatching(/^Error: Failed query: update keys set hash = \?\n    at /),
    cause: { message: 'D1_ERROR: locked' },
  });
  expect(JSON.stringify(described)).not.toContain('a-hash');
});
