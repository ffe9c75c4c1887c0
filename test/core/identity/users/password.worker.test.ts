import { Buffer } from 'node:buffer';
import { scrypt } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { hashPassword, verifyPassword } from '../../../../src/core/identity/users/password';
import { passwordIssue } from '../../../../src/core/identity/users/password.rules';
import { NewPassword } from '../../../../src/core/identity/users/user.schema';

const base64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');
const derive = (password: string, salt: Uint8Array, N: number, p: number): Promise<string> =>
  new Promise((resolve, reject) => {
    scrypt(password, salt, 32, { N, r: 8, p }, (error, key) => (error ? reject(error) : resolve(base64url(key))));
  });

describe('passwordIssue', () => {
  it.each([
    ['', false],
    ['elevenchars', false],
    ['twelve chars', true],
    ['aaaaaaaaaaaa', true],
    ['\u{1F511}'.repeat(11), false],
    ['\u{1F511}'.repeat(12), true],
    // Eleven letters and one mark that composes with the last of them.
    [`${'a'.repeat(10)}e\u0301`, false],
    [`${'a'.repeat(12)}\ud800`, false],
  ])('%j is good: %s', (password, good) => expect(passwordIssue(password) === null).toBe(good));

  it('bounds the length from above', () => {
    expect(NewPassword.safeParse('x'.repeat(256)).success).toBe(true);
    expect(NewPassword.safeParse('x'.repeat(257)).success).toBe(false);
  });
});

describe('password hashes', () => {
  let stored = '';
  beforeAll(async () => {
    stored = await hashPassword('correct horse');
  });

  it('hold their parameters and a salt of their own, and are scrypt', async () => {
    expect(stored).toMatch(/^scrypt\$16384\$8\$5\$[A-Za-z0-9_-]{22}\$[A-Za-z0-9_-]{43}$/);
    expect(await hashPassword('correct horse')).not.toBe(stored);
    const [salt, hash] = stored.split('$').slice(4);
    expect(hash).toBe(await derive('correct horse', Buffer.from(salt!, 'base64url'), 16384, 5));
  });

  it('are matched by their password only', async () => {
    expect(await verifyPassword('correct horse', stored)).toBe(true);
    expect(await verifyPassword('correct horsf', stored)).toBe(false);
    expect(await verifyPassword('', stored)).toBe(false);
  });

  it('do not depend on how a letter was composed', async () => {
    expect(await verifyPassword('cafe\u0301 au lait', await hashPassword('caf\u00e9 au lait'))).toBe(true);
  });

  it('made with older parameters still count', async () => {
    const salt = new Uint8Array(16).fill(7);
    const old = `scrypt$1024$8$1$${base64url(salt)}$${await derive('correct horse', salt, 1024, 1)}`;
    expect(await verifyPassword('correct horse', old)).toBe(true);
    expect(await verifyPassword('correct horsf', old)).toBe(false);
  });

  it('cost an unknown user the same', async () => {
    const time = async (hash: string | null): Promise<number> => {
      const start = performance.now();
      expect(await verifyPassword('wrong horse!', hash)).toBe(false);
      return performance.now() - start;
    };
    // A pause of the machine makes a time longer, and not three of three.
    const known = Math.min(await time(stored), await time(stored), await time(stored));
    // Wide, for a machine that others use: without the work it would be a hundredth.
    expect(await time(null)).toBeGreaterThan(known / 4);
  });
});
