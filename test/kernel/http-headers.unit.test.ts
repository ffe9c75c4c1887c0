import { describe, expect, test } from 'vitest';
import { ParameterInput } from '../../src/core/parameters/parameter.schema';
import {
  RESPONSE_HEADERS,
  BROWSER_RULES,
  CLIENT_ADDRESS,
  CREDENTIALS,
  INTERMEDIARIES,
  isClosedToRequests,
  isHiddenFromHandlers,
  isLeftOutOfRuns,
  mayAnswer,
  PLATFORM,
  TRANSPORT,
} from '../../src/kernel/http-headers';

/** A header that each entry of a set stands for. */
const each = (...sets: string[][]): string[] => sets.flat().map((name) => name.replace(/\*$/, 'sample'));
const spellings = (name: string): string[] => [name, name.toUpperCase()];
const isParameter = (name: string): boolean => ParameterInput.safeParse({ name, in: 'header' }).success;

test.each(each(CREDENTIALS, CLIENT_ADDRESS, PLATFORM))('%s of a caller reaches no handler, by no way', (name) => {
  expect(isHiddenFromHandlers(name)).toBe(true);
  for (const spelling of spellings(name)) expect(isParameter(spelling), spelling).toBe(false);
});

test.each(each(TRANSPORT))('%s is not allowed as a parameter, nor in a request or a response', (name) => {
  for (const spelling of spellings(name)) expect(isParameter(spelling), spelling).toBe(false);
  expect([isClosedToRequests(name), mayAnswer(name, new Set([name]))]).toEqual([true, false]);
});

test.each(each(CLIENT_ADDRESS, PLATFORM))('%s is in no run record', (name) => expect(isLeftOutOfRuns(name)).toBe(true));

test.each(each(CLIENT_ADDRESS))('%s is not for handlers to claim in their own requests', (name) =>
  expect(isClosedToRequests(name)).toBe(true),
);

test.each(each(CREDENTIALS))('%s is for handlers to send, where it is not about a proxy', (name) =>
  expect(isClosedToRequests(name)).toBe(name.startsWith('proxy-')),
);

test.each(each(BROWSER_RULES, INTERMEDIARIES, PLATFORM, CLIENT_ADDRESS))(
  '%s is in no answer, listed or not',
  (name) => {
    expect(mayAnswer(name, new Set())).toBe(false);
    expect(mayAnswer(name, new Set([name]))).toBe(false);
  },
);

describe('valid answers of a handler', () => {
  test.each(each(RESPONSE_HEADERS, ['x-anything', 'x-total-count', 'x-robots-tag', 'some_header']))('%s', (name) =>
    expect(mayAnswer(name, new Set())).toBe(true),
  );
  test('a name of no known use is closed until the endpoint lists it', () => {
    expect(mayAnswer('acme-cost', new Set())).toBe(false);
    expect(mayAnswer('acme-cost', new Set(['acme-cost']))).toBe(true);
  });
});

test.each([
  'x-name',
  'accept-language',
  'user-agent',
  'stripe-signature',
  'x-hub-signature-256',
  'if-none-match',
  'origin',
])('%s of a caller reaches handlers and parameters', (name) =>
  expect([isHiddenFromHandlers(name), isParameter(name)]).toEqual([false, true]),
);
