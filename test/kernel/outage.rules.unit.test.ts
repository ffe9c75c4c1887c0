import { describe, expect, test } from 'vitest';
import { isOutage } from '../../src/kernel/outage.rules';

const drizzle = (message: string): Error =>
  new Error('Failed query: select "x" from "y" where "z" = ?\nparams: D1_ERROR: Network connection lost.', {
    cause: asD1(message),
  });

/** D1 says the same twice: with its prefix, and without it in the cause. */
const asD1 = (message: string): Error =>
  message.startsWith('D1_ERROR: ')
    ? new Error(message, { cause: new Error(message.slice('D1_ERROR: '.length)) })
    : new Error(message);

describe('a store that does not answer', () => {
  test.each([
    'D1_ERROR: Network connection lost.',
    'D1_ERROR: D1 DB is overloaded. Requests queued for too long.',
    'D1_ERROR: D1 DB is overloaded. Too many requests queued.',
    'D1_ERROR: D1 DB storage operation exceeded timeout which caused object to be reset.',
    'D1_ERROR: Internal error while starting up D1 DB storage caused object to be reset.',
    'D1_ERROR: D1 DB reset because its code was updated.',
    'D1_ERROR: Cannot resolve D1 DB due to transient issue on remote node.',
    'D1_ERROR: database is locked: SQLITE_BUSY',
    'D1_ERROR: disk I/O error: SQLITE_IOERR',
    'D1_ERROR: Failed to get session commit token: internal error; reference = l07es67igttqe43ljd3b9b4l',
    'Network connection lost.',
    'internal error; reference = l07es67igttqe43ljd3b9b4l',
    'D1_ERROR: no such table: endpoints: SQLITE_ERROR',
    'KV GET failed: 503 Service Unavailable',
    'get: We encountered an internal error. Please try again. (10001)',
  ])('%s', (message) => {
    expect(isOutage(asD1(message))).toBe(true);
    expect(isOutage(drizzle(message))).toBe(true);
  });
  test('an object that is overloaded or restarts', () => {
    expect(isOutage(Object.assign(new Error('Durable Object is overloaded.'), { overloaded: true }))).toBe(true);
    expect(isOutage(new Error('x', { cause: Object.assign(new Error('moved'), { retryable: true }) }))).toBe(true);
  });
});

describe('a bug', () => {
  test.each([
    'D1_ERROR: near "selct": syntax error at offset 0: SQLITE_ERROR',
    'D1_ERROR: no such column: nope: SQLITE_ERROR',
    'D1_ERROR: UNIQUE constraint failed: users.id: SQLITE_CONSTRAINT',
    "D1_TYPE_ERROR: Type 'undefined' not supported for value 'undefined'",
    'Cannot read properties of undefined',
  ])('%s', (message) => {
    expect(isOutage(asD1(message))).toBe(false);
    // A value of the statement that looks like an outage is none.
    expect(isOutage(drizzle(message))).toBe(false);
  });
  test.each([undefined, null, 'D1_ERROR: Network connection lost.', { message: 'D1_ERROR' }])('%j', (thrown) =>
    expect(isOutage(thrown)).toBe(false),
  );
});
