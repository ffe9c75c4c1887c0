import { describe, expect, test } from 'vitest';
import { ParameterInput } from '../../src/core/parameters/parameter.schema';
import { isSensitiveName } from '../../src/core/runs/sensitive-name.rules';
import * as all from '../../src/kernel/http-headers';
import {
  RESPONSE_HEADERS,
  BROWSER_RULES,
  CLIENT_ADDRESS,
  CREDENTIALS,
  INTERMEDIARIES,
  isClosedToAnswers,
  isClosedToParameters,
  isClosedToRequests,
  isHiddenFromHandlers,
  isLeftOutOfRuns,
  mayAnswer,
  PLATFORM,
  TRANSPORT,
} from '../../src/kernel/http-headers';

/** A header that each entry of a set stands for. */
const each = (...sets: string[][]): string[] => sets.flat().map((name) => name.replace(/\*$/, 'sample'));

/** Each rule about headers, by the word that the table below has for it. */
const RULES: Record<string, (name: string) => boolean> = {
  handlers: isHiddenFromHandlers,
  parameters: isClosedToParameters,
  requests: isClosedToRequests,
  runs: isLeftOutOfRuns,
  answers: isClosedToAnswers,
};

/** The rules that close every header of a set, and what is beyond that for some of its headers. */
const CLOSED: Record<string, { by: string; also?: Record<string, string> }> = {
  CREDENTIALS: { by: 'handlers parameters', also: { 'proxy-sample': 'requests answers' } },
  CLIENT_ADDRESS: { by: 'handlers parameters requests runs answers' },
  TRANSPORT: {
    by: 'parameters requests answers',
    also: { connection: 'runs', 'content-length': 'runs', host: 'runs' },
  },
  PLATFORM: { by: 'handlers parameters runs answers', also: { 'x-portico-sample': 'requests' } },
  BROWSER_RULES: {
    by: 'answers',
    also: {
      'content-security-policy': 'runs',
      'referrer-policy': 'runs',
      'set-cookie': 'parameters',
      'x-content-type-options': 'runs',
    },
  },
  INTERMEDIARIES: { by: 'answers' },
  RESPONSE_HEADERS: { by: '' },
  // Of other sets, and `user-agent`.
  HEADERS_OF_TOOL_CALLS: {
    by: '',
    also: {
      'x-api-key': 'handlers parameters',
      authorization: 'handlers parameters',
      'cf-connecting-ip': 'handlers parameters requests runs answers',
      'x-portico-depth': 'handlers parameters requests runs answers',
    },
  },
  // Of other sets, and `date`.
  UNASKED: {
    by: 'answers',
    also: Object.fromEntries([
      ...TRANSPORT.map((name) => [name, 'parameters requests']),
      ...['connection', 'content-length', 'host'].map((name) => [name, 'parameters requests runs']),
      ['x-portico-sample', 'handlers parameters requests runs'],
    ]) as Record<string, string>,
  },
};

const sets = Object.entries(all).filter(
  (entry): entry is [string, string[]] => Array.isArray(entry[1]) && entry[1].every((name) => typeof name === 'string'),
);
const words = (...texts: string[]): string[] => texts.flatMap((text) => text.split(' ').filter(Boolean)).toSorted();

test('every set is in the table', () => {
  expect(sets.map(([name]) => name).toSorted()).toEqual(Object.keys(CLOSED).toSorted());
});

test.each(sets.flatMap(([set, names]) => each(names).map((name) => ({ set, name }))))(
  '$name of $set is closed by the rules of its set and by no other',
  ({ set, name }) => {
    const { by, also } = CLOSED[set]!;
    const closing = Object.keys(RULES).filter((rule) => RULES[rule]!(name));
    expect(closing.toSorted()).toEqual(words(by, also?.[name] ?? ''));
  },
);

test('a header that no handler receives cannot be a parameter', () => {
  const names = sets.flatMap(([, names]) => each(names));
  expect(names.filter((name) => isHiddenFromHandlers(name) && !isClosedToParameters(name))).toEqual([]);
});

test.each(each(CREDENTIALS.filter((name) => name !== 'proxy-*')).concat('proxy-authorization'))(
  'a run record does not have the value of %s',
  (name) => expect(isSensitiveName(name) || isLeftOutOfRuns(name)).toBe(true),
);

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
