import { expect, test } from 'vitest';
import { describeError } from '../../src/kernel/describe-error';

test('an error is told with its causes, however they were thrown', () => {
  const error = new Error('Failed query', { cause: new Error('D1_ERROR: locked', { cause: 'SQLITE_BUSY' }) });
  const text = describeError(error);
  expect(text.split('\n').filter((line) => !line.startsWith('    at '))).toEqual([
    'Error: Failed query',
    'caused by: Error: D1_ERROR: locked',
    'caused by: SQLITE_BUSY',
  ]);
  expect(text).toContain('    at ');
  expect(describeError('text')).toBe('text');
});

test('causes that go in a circle come to an end', () => {
  const error = new Error('round');
  error.cause = error;
  expect(describeError(error).match(/caused by/g)).toHaveLength(5);
});
