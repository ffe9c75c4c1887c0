import { describe, expect, it } from 'vitest';
import { newId } from '../../../../src/kernel/ids';
import { makeRefreshToken, readRefreshToken } from '../../../../src/core/identity/sessions/refresh-token';

const secret = new TextEncoder().encode('a-secret-of-a-test-that-has-32-bytes!!');
const sessionId = newId('ses');

describe('refresh tokens', () => {
  it('are parsed into the session that they name', () => {
    const { token, hash } = makeRefreshToken(secret, sessionId);
    expect(token.startsWith(`${sessionId}.`)).toBe(true);
    expect(readRefreshToken(secret, token)).toEqual({ sessionId, hash });
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
  });

  it('are unique', () => {
    expect(makeRefreshToken(secret, sessionId).token).not.toBe(makeRefreshToken(secret, sessionId).token);
  });

  it('cannot be made without the secret, nor moved to another session', () => {
    const { token } = makeRefreshToken(new TextEncoder().encode('another-secret-of-at-least-32-bytes!'), sessionId);
    expect(readRefreshToken(secret, token)).toBeNull();
    const moved = makeRefreshToken(secret, sessionId).token.replace(sessionId, newId('ses'));
    expect(readRefreshToken(secret, moved)).toBeNull();
  });

  it('change with every character', () => {
    const { token } = makeRefreshToken(secret, sessionId);
    for (let i = 0; i < token.length; i++) {
      const other = token[i] === 'a' ? 'b' : 'a';
      expect(readRefreshToken(secret, token.slice(0, i) + other + token.slice(i + 1)), `character ${i}`).toBeNull();
    }
  });

  it.each(['', 'x', `${sessionId}.`, `${sessionId}.${'a'.repeat(64)}`, `${sessionId}.${'é'.repeat(65)}`])(
    '%j is not a refresh token',
    (text) => {
      expect(readRefreshToken(secret, text)).toBeNull();
    },
  );
});
