import { describe, expect, test } from 'vitest';
import { isSuspect } from '../../../src/core/runs/suspect.rules';

/** The rule as one expression, which takes longer. */
const RULE =
  /auth|token|secret|pass|pwd|cred|cookie|session|key|signature|pin|otp|cvv|cvc|bearer|basic|jwt|ptk_|ptc_|eyJ|-----|\\u|%[0-9a-f]{2}|:\/\/[^\s/]{1,800}@/i;

const WORDS =
  'auth token secret pass pwd cred cookie session key signature pin otp cvv cvc bearer basic jwt ptk_ ptc_ eyJ'.split(
    ' ',
  );
const MARKS = ['-----', '\\u', '%2F', '://me@'];
/** Characters that words have, or whose bytes share five bits with theirs, and characters of two to four bytes. */
const FILLERS = ['x', 'é', '字', '😀', '\ud83d', '+3', 'ASSIC', 'oke ecr pas sic gna', '{"amount":12.5},\n'];
/** Characters before a credential: on both sides of where a long text, and a part of it, begins and ends. */
const PLACES = [
  0, 1, 2, 503, 511, 512, 513, 8173, 8174, 8175, 8180, 8181, 8182, 8183, 8184, 8190, 8191, 8192, 8193, 16_366, 16_375,
  20_001,
];

const fill = (filler: string, chars: number): string => filler.repeat(Math.ceil(chars / filler.length)).slice(0, chars);

describe.each(FILLERS)('between %j', (filler) => {
  test('no text is suspect by itself, however long', () => {
    for (const chars of PLACES) {
      const text = fill(filler, chars);
      expect([chars, isSuspect(text)]).toEqual([chars, RULE.test(text)]);
    }
  });

  test.each([...WORDS, ...MARKS])('%s is found at every place, in either case', (word) => {
    for (const chars of PLACES) {
      const [before, after] = [fill(filler, chars), fill(filler, 20_100 - chars)];
      for (const part of [word, word.toUpperCase()])
        expect([chars, isSuspect(before + part), isSuspect(before + part + after)]).toEqual([chars, true, true]);
    }
  });
});

test('the first and the last characters of a word alone are not suspect', () => {
  for (const word of WORDS) {
    for (const part of [word.slice(1), word.slice(0, -1), word.split('').join('.')]) {
      const text = `${' '.repeat(600)}${part} `;
      expect([part, isSuspect(text)]).toEqual([part, RULE.test(text)]);
    }
  }
});
