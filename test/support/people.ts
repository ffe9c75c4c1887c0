import { env } from 'cloudflare:workers';
import { newId } from '../../src/core/ids';
import { makeRefreshToken } from '../../src/core/session/refresh-token';
import { createStore } from '../../src/storage/store';

/** What stands for a password hash where nobody signs in with a password: making a real one takes 150 ms. */
const NO_PASSWORD = 'none';

/** A user straight into D1, who cannot sign in. */
export async function insertUser(name: string, roles: string[] = [], active: boolean = true) {
  const row = {
    id: newId('usr'),
    name,
    passwordHash: NO_PASSWORD,
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
  const { token, sessionId, hash } = makeRefreshToken(new TextEncoder().encode(env.AUTH_SECRET), newId('ses'));
  const row = { id: sessionId, userId, refreshHash: hash, createdAt: Date.now(), refreshedAt: Date.now(), expiresAt };
  await createStore(env).sessions.insert(row, NO_PASSWORD).run();
  return { sessionId, token };
}
