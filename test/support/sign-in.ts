import { env } from 'cloudflare:workers';
import type { SignedIn } from '../../src/core/session/session.schema';
import { createUser as createUserVerb } from '../../src/core/user/create-user';
import type { User } from '../../src/core/user/user.schema';
import { callAdmin } from './admin-api';
import { testContext } from './context';

export const ADMIN_NAME = 'signed-in-admin';
export const ADMIN_PASSWORD = 'a password of tests';
export const USER_PASSWORD = 'another password of tests';

let admin: Promise<string> | undefined;

/** An access token of an admin; makes that admin first, once per test file. */
export const adminToken = (): Promise<string> => (admin ??= bootstrapAdmin());

async function bootstrapAdmin(): Promise<string> {
  const { status, text } = await callAdmin('POST', '/bootstrap', {
    token: env.BOOTSTRAP_TOKEN,
    body: { name: ADMIN_NAME, password: ADMIN_PASSWORD },
  });
  // 409: the test file has put an admin into the table itself.
  if (status === 409) {
    const input = { name: ADMIN_NAME, password: ADMIN_PASSWORD, roles: ['admin'], active: true };
    await createUserVerb(testContext(), input);
  } else if (status !== 201) throw new Error(`bootstrap answered ${status}: ${text}`);
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

/** A new user with `roles`, made by the admin over HTTP; the password is `USER_PASSWORD`. */
export async function createUser(name: string, roles: string[] = []): Promise<User> {
  const answer = await callAdmin('POST', '/users', {
    token: await adminToken(),
    body: { name, password: USER_PASSWORD, roles },
  });
  if (answer.status !== 201) throw new Error(`creating ${name} answered ${answer.status}: ${answer.text}`);
  return answer.body as unknown as User;
}
