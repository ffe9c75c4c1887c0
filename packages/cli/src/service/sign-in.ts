import { existsSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { parseEnv } from 'node:util';
import { EXIT, Failure } from '../failure.ts';
import { isLocal, openService, Refused, type Service } from './client.ts';
import type { PersonalToken } from './protocol.ts';
import { readTokens, storeToken } from './token-file.ts';

/** The token that the command asks for. */
export const wantedToken = () => ({
  name: `portico on ${hostname()}`.slice(0, 200),
  scopes: ['read', 'deploy', 'runs'],
  days: 90,
});
/** The user that `npm start` creates. */
const LOCAL_USER = 'admin';

/**
 * Opens a service with PORTICO_TOKEN, the token of `portico login`, or, for a local service, a token made with the secrets of `npm start`.
 * Throws a Failure when there is none.
 */
export async function openSignedIn(origin: string, folder: string): Promise<Service> {
  const given = process.env.PORTICO_TOKEN;
  if (given) return openService(origin, given);
  const stored = readTokens()[origin];
  if (!isLocal(origin)) {
    if (stored === undefined) throw notSignedIn(origin);
    return openService(origin, stored.token);
  }
  const service = stored === undefined ? null : openService(origin, stored.token);
  if (service !== null && (await isAccepted(service))) return service;
  const password = localPassword(folder);
  if (password === null) throw notSignedIn(origin);
  return signIn(origin, LOCAL_USER, password);
}

const notSignedIn = (origin: string): Failure =>
  new Failure(`not signed in to ${origin}. Run portico login, or set PORTICO_TOKEN.`, EXIT.denied);

/** A local service may have been started without its former data, and then knows no token. */
async function isAccepted(service: Service): Promise<boolean> {
  const response = await service.raw('/admin/projects');
  await response.body?.cancel();
  return response.status !== 401;
}

/** Signs a user in, makes a personal token and stores it. Ends the session. Throws a Failure for a wrong password. */
export async function signIn(origin: string, name: string, password: string): Promise<Service> {
  const session = await openSession(origin, name, password);
  const made = await session.json<PersonalToken>('POST', '/admin/personal-tokens', wantedToken());
  await session.json('DELETE', '/admin/session');
  storeToken(origin, { token: made.token, user: name, expiresAt: made.expiresAt });
  return openService(origin, made.token);
}

/** Opens a session of a user, for what no token may do. */
export async function openSession(origin: string, name: string, password: string): Promise<Service> {
  // A password over plain HTTP is as readable as a token.
  if (!isLocal(origin) && origin.startsWith('http:')) throw new Failure(`${origin} is not https`, EXIT.usage);
  try {
    const { accessToken } = await openService(origin, null).json<{ accessToken: string }>('POST', '/admin/session', {
      name,
      password,
    });
    return openService(origin, accessToken);
  } catch (error) {
    if (error instanceof Refused && error.code === 'invalid_credentials')
      throw new Failure(`${origin} does not accept this name and password`, EXIT.denied);
    throw error;
  }
}

/** Returns the password of the local admin from `.dev.vars` in a folder or above, or in the repository of this command; null if none. */
export function localPassword(folder: string): string | null {
  const files: string[] = [];
  for (let at = folder; ; at = dirname(at)) {
    files.push(join(at, '.dev.vars'));
    if (dirname(at) === at) break;
  }
  files.push(join(import.meta.dirname, '../../../../.dev.vars'));
  const file = files.find(existsSync);
  return file === undefined ? null : (parseEnv(readFileSync(file, 'utf8')).LOCAL_ADMIN_PASSWORD ?? null);
}
