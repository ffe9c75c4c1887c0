import { describe, expect, it } from 'vitest';
import { newId } from '../../../../src/kernel/ids';
import { makeSessionSecret, readSessionSecret } from '../../../../src/core/identity/sessions/session-secret';

const secret = new TextEncoder().encode('a-secret-of-a-test-that-has-32-bytes!!');
const other = new TextEncoder().encode('another-secret-of-at-least-32-bytes!');
const sessionId = newId('ses');

describe('secrets of sessions', () => {
  it('are parsed into the session that they name', () => {
    const { secret: token, hash } = makeSessionSecret(secret, 'refresh', sessionId);
    expect(token.startsWith(`${sessionId}.`)).toBe(true);
    expect(readSessionSecret(secret, 'refresh', token)).toEqual({ sessionId, hash });
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
  });

  it('are unique', () => {
    expect(makeSessionSecret(secret, 'refresh', sessionId).secret).not.toBe(
      makeSessionSecret(secret, 'refresh', sessionId).secret,
    );
  });

  it('cannot be made without the secret, nor moved to another session', () => {
    const { secret: token } = makeSessionSecret(other, 'refresh', sessionId);
    expect(readSessionSecret(secret, 'refresh', token)).toBeNull();
    const moved = makeSessionSecret(secret, 'refresh', sessionId).secret.replace(sessionId, newId('ses'));
    expect(readSessionSecret(secret, 'refresh', moved)).toBeNull();
  });

  it('are of one use only', () => {
    const cookie = makeSessionSecret(secret, 'cookie', sessionId);
    expect(readSessionSecret(secret, 'cookie', cookie.secret)).toEqual({ sessionId, hash: cookie.hash });
    expect(readSessionSecret(secret, 'refresh', cookie.secret)).toBeNull();
    expect(readSessionSecret(secret, 'sign-in code', cookie.secret)).toBeNull();
  });

  it('change with every character', () => {
    const { secret: token } = makeSessionSecret(secret, 'refresh', sessionId);
    for (let i = 0; i < token.length; i++) {
      const char = token[i] === 'a' ? 'b' : 'a';
      expect(
        readSessionSecret(secret, 'refresh', token.slice(0, i) + char + token.slice(i + 1)),
        `character ${i}`,
      ).toBeNull();
    }
  });

  it.each(['', 'x', `${sessionId}.`, `${sessionId}.${'a'.repeat(64)}`, `${sessionId}.${'é'.repeat(65)}`])(
    '%j is not a secret of a session',
    (text) => {
      expect(readSessionSecret(secret, 'refresh', text)).toBeNull();
    },
  );
});
