import type { SignedIn } from '../../src/core/identity/sessions/session.schema';
import { toUser } from '../../src/core/identity/users/get-user';
import type { User } from '../../src/core/identity/users/user.schema';
import { callAdmin } from './admin-api';
import { cheapHash, insertUser } from './people';

export const ADMIN_NAME = 'signed-in-admin';
export const ADMIN_PASSWORD = 'a password of tests';
export const USER_PASSWORD = 'another password of tests';

let admin: Promise<string> | undefined;

/** An access token of an admin; makes that admin first, once per test file. */
export const adminToken = (): Promise<string> => (admin ??= signInAsAdmin());

async function signInAsAdmin(): Promise<string> {
  await createUser(ADMIN_NAME, ['admin'], ADMIN_PASSWORD);
  return (await signIn(ADMIN_NAME, ADMIN_PASSWORD)).accessToken;
}

let addresses = 0;
/** An address that no test has used yet: sign-in attempts are counted by address. */
export const freshAddress = (): string => `198.51.${100 + Math.floor(++addresses / 250)}.${addresses % 250}`;

/** Signs in over HTTP, from an address of its own, and answers all that signing in gives. Throws when it is refused. */
export async function signIn(name: string, password: string = USER_PASSWORD): Promise<SignedIn> {
  const answer = await callAdmin('POST', '/session', {
    body: { name, password },
    headers: { 'cf-connecting-ip': freshAddress() },
  });
  if (answer.status !== 200) throw new Error(`signing in as ${name} answered ${answer.status}: ${answer.text}`);
  return answer.body as unknown as SignedIn;
}

/** A new user with `roles`, straight into D1: what a password costs is paid where passwords are tested. */
export async function createUser(name: string, roles: string[] = [], password: string = USER_PASSWORD): Promise<User> {
  return toUser({ ...(await insertUser(name, roles, { passwordHash: await cheapHash(password) })), revision: 1 });
}
