import { env } from 'cloudflare:workers';
import { Buffer } from 'node:buffer';
import { scrypt } from 'node:crypto';
import { newId } from '../../src/kernel/ids';
import { makeSessionSecret } from '../../src/core/identity/sessions/session-secret';
import { createStore } from '../../src/storage/store';

/** Placeholder of a password hash, for users who do not sign in with a password. */
const NO_PASSWORD = 'none';

/** Returns the stored form of a password, at the lowest cost of scrypt: at the real one it takes 150 ms to make, and as long to verify. */
export async function cheapHash(password: string): Promise<string> {
  const salt = new Uint8Array(16);
  const hash = await new Promise<Uint8Array>((resolve, reject) => {
    scrypt(password, salt, 32, { N: 2, r: 1, p: 1 }, (error, key) => (error ? reject(error) : resolve(key)));
  });
  return `scrypt$2$1$1$${Buffer.from(salt).toString('base64url')}$${Buffer.from(hash).toString('base64url')}`;
}

/** A user straight into D1, who can sign in only with the password of a hash that is given. */
export async function insertUser(
  name: string,
  roles: string[] = [],
  { active = true, passwordHash = NO_PASSWORD }: { active?: boolean; passwordHash?: string } = {},
) {
  const row = {
    id: newId('usr'),
    name,
    passwordHash,
    active,
    roles,
    createdAt: Date.now(),
    updatedAt: Date.now(),
  };
  await createStore(env).users.insert(row).run();
  return row;
}

/** A session of `insertUser`'s user, as signing in would leave it. `token` is its refresh token. */
export async function insertSession(userId: string, expiresAt: number = Date.now() + 60_000) {
  const key = new TextEncoder().encode(env.AUTH_SECRET);
  const { secret, sessionId, hash } = makeSessionSecret(key, 'refresh', newId('ses'));
  const times = { createdAt: Date.now(), refreshedAt: Date.now(), expiresAt };
  const row = { id: sessionId, userId, refreshHash: hash, holder: 'program' as const, address: 'unknown', ...times };
  await createStore(env).sessions.insert(row, NO_PASSWORD).run();
  return { sessionId, token: secret };
}
