import { beforeAll, describe, expect, it } from 'vitest';
import { adminRoutes } from '../../../src/http/admin/admin.routes';
import { callAdmin } from '../../support/admin-api';
import { spend } from '../../support/platform-limits/ledger';
import { publish, unique } from '../../support/publish';
import { adminToken, createUser, freshAddress, signIn, USER_PASSWORD } from '../../support/sign-in';

interface Part {
  path: string;
  status: number;
  body: Record<string, unknown>;
}
const batch = (token: string, paths: unknown) => callAdmin('POST', '/batch', { token, body: { paths } });
const alone = (token: string, path: string) => callAdmin('GET', path.slice('/admin'.length), { token });

/** The answers of a batch, in the order of its paths. */
async function partsOf(token: string, paths: string[]): Promise<Part[]> {
  const answer = await batch(token, paths);
  expect(answer.status, answer.text).toBe(200);
  const parts = answer.body.answers as Part[];
  expect(parts.map(({ path }) => path).toSorted()).toEqual(paths.toSorted());
  return paths.map((path) => parts.find((part) => part.path === path)!);
}
const statuses = async (token: string, paths: string[]): Promise<number[]> =>
  (await partsOf(token, paths)).map(({ status }) => status);

let admin = '';
let endpoint = { id: '', path: '' };
beforeAll(async () => {
  admin = await adminToken();
  endpoint = (await publish('export default () => 1')).endpoint;
});
const tokenOf = async (...roles: string[]): Promise<string> => {
  const name = unique('person');
  await createUser(name, roles);
  return (await signIn(name)).accessToken;
};

describe('a batch', () => {
  it('answers each read as it is answered alone', async () => {
    const paths = [
      `/admin/endpoints/${endpoint.id}`,
      `/admin/endpoints?q=${encodeURIComponent(endpoint.path)}&limit=1`,
      '/admin/keys/none',
      '/admin/keys?limit=0',
      '/admin/roles/%7Enone',
      '/admin/roles/%zz',
      '/admin/keys?alias=%ff',
      '/admin/session',
    ];
    const parts = await partsOf(admin, paths);
    expect(parts.map(({ status }) => status)).toEqual([200, 200, 404, 400, 404, 404, 400, 200]);
    for (const [at, path] of paths.entries()) {
      const { body } = await alone(admin, path);
      const { requestId, ...rest } = body;
      expect([path, parts[at]!.body]).toEqual([
        path,
        { ...rest, ...(requestId !== undefined && { requestId: expect.stringMatching(/^req_/) }) },
      ]);
    }
  });

  it('is JSON, an answer on each line', async () => {
    const { headers, text } = await batch(admin, ['/admin/roles?limit=1', '/admin/keys?limit=1']);
    expect(headers.get('content-type')).toBe('application/json');
    expect(headers.get('cache-control')).toBe('no-store');
    const lines = text.split('\n');
    expect([lines[0], ...lines.slice(3)]).toEqual(['{"answers":[', ']}', '']);
    for (const line of lines.slice(1, 3)) expect(JSON.parse(line.replace(/,$/, ''))).toMatchObject({ status: 200 });
  });

  it('reads what each of its user, and each scope of a personal token, permit', async () => {
    const paths = [
      '/admin/handlers?limit=1',
      '/admin/secrets',
      '/admin/users?limit=1',
      '/admin/runs?limit=1',
      '/admin/sessions',
    ];
    expect(await statuses(admin, paths)).toEqual([200, 200, 200, 200, 200]);
    expect(await statuses(await tokenOf('viewer'), paths)).toEqual([200, 403, 200, 200, 200]);
    expect(await statuses(await tokenOf(), paths)).toEqual([403, 403, 403, 403, 200]);
    const make = async (scope: string): Promise<string> =>
      (await callAdmin('POST', '/personal-tokens', { token: admin, body: { name: 'CI', scopes: [scope] } })).body
        .token as string;
    expect(await statuses(await make('runs'), paths)).toEqual([403, 403, 403, 200, 403]);
    expect(await statuses(await make('read'), paths)).toEqual([200, 200, 403, 403, 403]);
  });

  it('has no writes, files, streams, public reads, batches, or anything beside the admin API', async () => {
    const files = adminRoutes.filter((route) => route.method === 'get' && 'files' in route);
    expect(files.length).toBeGreaterThan(4);
    const paths = [
      ...files.map(({ path }) => path.replaceAll(/:[a-z]+/g, 'none')),
      '/admin/batch',
      '/admin/providers/offered',
      '/admin/../u/quote',
      '/admin/%2e%2e/health',
      '/admin/backup',
      '/admin/',
    ];
    const parts = await partsOf(admin, paths);
    for (const { path, status, body } of parts) expect([path, status, body.code]).toEqual([path, 404, 'not_found']);
  });

  it.each([
    ['none', []],
    ['more than 20', Array.from({ length: 21 }, (_, at) => `/admin/roles?limit=${at + 1}`)],
    ['one twice', ['/admin/roles', '/admin/roles']],
    ['another host', ['//evil.example/admin/roles']],
    ['another API', ['/plynx/api/v0/graphs']],
    ['a space', ['/admin/roles?q=a b']],
    ['a long one', [`/admin/roles?q=${'a'.repeat(4096)}`]],
    ['no text', [1]],
  ])('with %s is refused', async (_, paths) => {
    expect(await batch(admin, paths)).toMatchObject({ status: 422, body: { code: 'invalid_input' } });
  });

  it('needs a session, which a cookie is on pages of this service alone', async () => {
    expect(await callAdmin('POST', '/batch', { body: { paths: ['/admin/roles'] } })).toMatchObject({ status: 401 });
    expect(await batch('no token', ['/admin/roles'])).toMatchObject({ status: 401, body: { code: 'invalid_token' } });
    const name = unique('browser');
    await createUser(name, ['viewer']);
    const own = { 'sec-fetch-site': 'same-origin' };
    const { headers } = await callAdmin('POST', '/session/cookie', {
      body: { name, password: USER_PASSWORD },
      headers: { 'cf-connecting-ip': freshAddress(), ...own },
    });
    const cookie = headers.get('set-cookie')!.split(';')[0]!;
    const ask = (more: Record<string, string>) =>
      callAdmin('POST', '/batch', { body: { paths: ['/admin/roles?limit=1'] }, headers: { cookie, ...more } });
    expect(await ask(own)).toMatchObject({ status: 200, body: { answers: [{ status: 200 }] } });
    expect(await ask({ 'sec-fetch-site': 'cross-site' })).toMatchObject({ status: 401 });
  });

  it('makes fewer queries than its reads alone: who asks is read once', async () => {
    const paths = [`/admin/endpoints/${endpoint.id}`, '/admin/keys?limit=1', '/admin/roles?limit=1'];
    const apart = await spend(async () => {
      for (const path of paths) await alone(admin, path);
    });
    const together = await spend(() => batch(admin, paths));
    expect(together.queries).toBeLessThan(apart.queries);
  });
});
