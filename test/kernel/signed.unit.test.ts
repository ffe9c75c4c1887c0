import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { createSigner, isSameSecret, keyedHash, sha256Hex } from '../../src/kernel/signed';

const SECRET = 'a-secret-of-at-least-thirty-two-bytes';
const refresh = createSigner('refresh', 'base64url', 22);

test('a tag is the start of an HMAC of its purpose and text', () => {
  const whole = createHmac('sha256', SECRET).update('refresh\ntext');
  expect(refresh.sign(SECRET, 'text')).toBe(whole.digest('base64url').slice(0, 22));
});

test('a tag verifies for its own secret, purpose and text only', () => {
  const tag = refresh.sign(SECRET, 'text');
  expect(refresh.verify(SECRET, 'text', tag)).toBe(true);
  expect(refresh.verify(`${SECRET}!`, 'text', tag)).toBe(false);
  expect(refresh.verify(SECRET, 'text!', tag)).toBe(false);
  expect(createSigner('plynx', 'base64url', 22).verify(SECRET, 'text', tag)).toBe(false);
});

test.each(['', 'A', 'longer than any tag may be', 'ä'.repeat(22)])('the tag %j is refused without an error', (tag) => {
  expect(refresh.verify(SECRET, 'text', tag)).toBe(false);
});

test('a part of a tag, and a tag with more behind it, are refused', () => {
  const tag = refresh.sign(SECRET, 'text');
  expect([tag.slice(0, -1), `${tag}A`].map((other) => refresh.verify(SECRET, 'text', other))).toEqual([false, false]);
});

test('a keyed hash separates its scope from its text', () => {
  expect(keyedHash(SECRET, 'POST /a', 'b')).toMatch(/^[0-9a-f]{64}$/);
  expect(keyedHash(SECRET, 'POST /a', 'b')).not.toBe(keyedHash(SECRET, 'POST /', 'ab'));
});

test('secrets of any length are compared', () => {
  expect([isSameSecret('one', 'one'), isSameSecret('one', 'other'), isSameSecret('', 'one')]).toEqual([
    true,
    false,
    false,
  ]);
});

test('a digest is SHA-256 in hex', () => {
  expect(sha256Hex('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
});
