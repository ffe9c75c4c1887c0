import { beforeAll, describe, expect, test } from 'vitest';
import { rolesThatMay } from '../../../src/core/access/permitted.rules';
import { testContext } from '../../support/context';
import { basic } from '../../support/plynx';
import { call, ensureAdmin } from '../../support/publish';
import { makeToken } from '../../support/instabase';
import { createUser, signIn, USER_PASSWORD } from '../../support/sign-in';
import { MOUNTED_ROUTES, type MountedRoute } from '../../support/wires';

/*
 * Every route of the three wires: identity and permission come before anything of a request is read. A route that is added is walked as
 * well.
 */

type ByWire<T> = Record<MountedRoute['wire'], T>;
type Credential = Record<string, string>;

/** Credentials that open nothing, with the code that they are refused with. Without any, PLynx takes a caller for its user `default`. */
const bearer: [Credential, string][] = [
  [{}, 'auth_required'],
  [{ authorization: 'Bearer abc' }, 'invalid_token'],
];
const UNKNOWN: ByWire<[Credential, string][]> = {
  admin: bearer,
  Instabase: bearer,
  PLynx: [
    [{ authorization: basic('nobody') }, ''],
    [{ authorization: basic('a.b.c') }, ''],
  ],
};
const withoutRoles = {} as ByWire<Credential>;
beforeAll(async () => {
  await ensureAdmin();
  await createUser('roleless', []);
  withoutRoles.admin = { authorization: `Bearer ${(await signIn('roleless')).accessToken}` };
  withoutRoles.Instabase = { authorization: `Bearer ${(await makeToken()).token}` };
  withoutRoles.PLynx = { authorization: basic('roleless', USER_PASSWORD) };
});

const LOGIN = 'Could not verify your access level for that URL; You have to login with proper credentials';

/** Requests of the walk: nothing, and bodies that no route could read. */
const BODIES = [undefined, '{"broken'];

/** Sends a request with and without a body; its refusal is in the form of its wire. */
async function expectRefused(route: MountedRoute, headers: Credential, status: 401 | 403, code: string): Promise<void> {
  for (const body of BODIES) {
    const sent = body === undefined || route.method === 'GET' ? {} : { body };
    const response = await call(route.path.replace(/:\w+/g, 'x'), { method: route.method, headers, ...sent });
    const text = await response.text();
    expect(response.status, text).toBe(status);
    if (route.wire !== 'PLynx') expect(JSON.parse(text)).toMatchObject({ code });
    else if (status === 401) expect(text).toBe(LOGIN);
    else expect(JSON.parse(text)).toMatchObject({ status: 'failed', message: expect.stringMatching(/^Your roles/) });
    const scheme = route.wire === 'PLynx' ? 'PlynxBasic realm="Login Required"' : 'Bearer realm="portico"';
    expect(response.headers.get('www-authenticate')).toBe(status === 401 ? scheme : null);
  }
}

/** The policy of a request with a credential, under the settings of the tests. */
const policyOf = ({ policy }: MountedRoute) =>
  typeof policy === 'function' ? policy(testContext(), new Headers({ authorization: 'x' })) : policy;

const guarded = MOUNTED_ROUTES.filter((route) => !['public', 'open'].includes(policyOf(route)));

test('only the listed routes need no credential', () => {
  const others = MOUNTED_ROUTES.filter((route) => !guarded.includes(route));
  expect(others.map(({ method, path }) => `${method} ${path}`)).toEqual([
    'POST /admin/bootstrap',
    'POST /admin/session',
    'POST /admin/session/cookie',
    'POST /admin/session/refresh',
    'GET /admin/session/providers',
    'POST /admin/session/authorization',
    'POST /admin/session/passkey/challenge',
    'POST /admin/session/passkey',
    'POST /admin/device-logins',
    'POST /admin/device-logins/token',
    'POST /plynx/api/v0/demo',
  ]);
});

describe('without a credential that is valid every other route is 401, whatever is sent', () => {
  test.each(guarded)('$method $path', async (route) => {
    for (const [headers, code] of UNKNOWN[route.wire]) await expectRefused(route, headers, 401, code);
  });
});

describe('without a role every route that needs one is 403, whatever is sent', () => {
  const permitted = guarded.filter((route) => {
    const policy = policyOf(route);
    return policy !== 'public' && policy !== 'open' && rolesThatMay(policy) !== 'anyone signed in';
  });
  test.each(permitted)('$method $path', async (route) =>
    expectRefused(route, withoutRoles[route.wire], 403, 'forbidden'),
  );
});
