import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  customKeyIssue,
  generateKey,
  isKeyForm,
  visiblePrefix,
} from '../../../../src/core/identity/keys/key-value.rules';

const STRONG = 'abcdefghijklmnopqrstuvwxyz-_0123456789';

test('generated keys have the documented form, pass their own check and do not repeat', () => {
  const keys = Array.from({ length: 500 }, generateKey);
  for (const key of keys) {
    expect(key).toMatch(/^ptk_[0-9A-Za-z]{8}_[0-9A-Za-z]{38}$/);
    expect(isKeyForm(key)).toBe(true);
    expect(visiblePrefix(key)).toBe(key.slice(0, 12));
  }
  expect(new Set(keys).size).toBe(500);
});

test('the checksum is CRC-32: six base62 digits of the value that every other implementation gives', () => {
  const body = `ptk_00000000_${'0'.repeat(32)}`;
  let crc = 0xffffffff;
  for (const char of body) {
    crc ^= char.charCodeAt(0);
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  let rest = (crc ^ 0xffffffff) >>> 0;
  let digits = '';
  for (let i = 0; i < 6; i++, rest = Math.floor(rest / 62)) {
    digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'[rest % 62] + digits;
  }
  expect(isKeyForm(body + digits)).toBe(true);
});

test('the checksum detects one changed, missing, added or swapped character', () => {
  const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
  fc.assert(
    // Behind the prefix: without it, a value has to be taken for a custom one.
    fc.property(fc.integer({ min: 4, max: 50 }), fc.constantFrom(...alphabet.split('')), (at, char) => {
      const key = generateKey();
      const changed = key.slice(0, at) + char + key.slice(at + 1);
      if (changed !== key) expect(isKeyForm(changed)).toBe(false);
      expect(isKeyForm(key.slice(0, at) + key.slice(at + 1))).toBe(false);
      expect(isKeyForm(key.slice(0, at) + char + key.slice(at))).toBe(false);
    }),
  );
});

test.each([
  ['', false],
  ['ptk_', false],
  [`ptk_${'a'.repeat(47)}`, false],
  ['x'.repeat(40_960), false],
  [`${STRONG}é`, false],
  [`${STRONG}\n`, false],
  [` ${STRONG}`, false],
  [STRONG.slice(0, 31), false],
  [STRONG.slice(0, 32), true],
  ['ab'.repeat(64), true],
  ['ab'.repeat(65), false],
])('%j may be a key: %j', (value, wanted) => {
  expect(isKeyForm(value)).toBe(wanted);
});

test.each([
  [STRONG.slice(0, 32), null],
  [STRONG + STRONG + STRONG, null],
  [STRONG.slice(0, 31), 'must be 32 to 128'],
  ['abcdefghijkl'.repeat(11), 'must be 32 to 128'],
  [`${STRONG} `, 'must be 32 to 128'],
  ['abcdefghijk'.repeat(4), 'must have 12'],
  ['abcdefghijkl'.repeat(4), null],
  [`ptk_${STRONG}`, 'must not start with ptk_'],
])('the custom value %j: %j', (value, wanted) => {
  if (wanted === null) expect(customKeyIssue(value)).toBeNull();
  else expect(customKeyIssue(value)).toContain(wanted);
});

test('a custom value that is strong enough can be used as a key, and shows nothing of itself', () => {
  const chars = fc.constantFrom(...STRONG.split(''));
  fc.assert(
    fc.property(fc.array(chars, { minLength: 32, maxLength: 128 }), (parts) => {
      const value = parts.join('');
      if (customKeyIssue(value) === null) expect([isKeyForm(value), visiblePrefix(value)]).toEqual([true, null]);
    }),
  );
});
