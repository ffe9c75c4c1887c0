import { exports } from 'cloudflare:workers';
import { expect, it } from 'vitest';
import type { z } from 'zod';
import { adminRoutes } from '../../src/http/admin/admin.routes';
import { instabaseRoutes } from '../../src/http/instabase/endpoints.routes';
import { EndpointList, Entry, IdAnswer, InstabaseProblem } from '../../src/http/instabase/forms';
import { instabase, makeToken, saveScript } from '../support/instabase';
import { unique } from '../support/publish';

interface Operation {
  security?: Record<string, unknown>[];
  responses: Record<string, unknown>;
}
const INSTABASE = '/api/v1/http-endpoint';

const describedUnder = async (prefix: string): Promise<{ name: string; operation: Operation }[]> => {
  const response = await exports.default.fetch('https://portico.test/openapi.json');
  expect(response.status).toBe(200);
  const { paths } = await response.json<{ paths: Record<string, Record<string, Operation>> }>();
  return Object.entries(paths)
    .filter(([path]) => path.startsWith(prefix))
    .flatMap(([path, operations]) =>
      Object.entries(operations).map(([method, operation]) => ({ name: `${method} ${path}`, operation })),
    );
};
const inBraces = (path: string): string => path.replace(/:(\w+)/g, '{$1}');

it('describes every route of the admin API, and which of them need no token', async () => {
  const described = (await describedUnder('/admin/')).map(
    ({ name, operation }) => `${name} ${operation.security ? 'public' : 'guarded'}`,
  );
  const mounted = adminRoutes.map(
    ({ method, path, policy }) => `${method} ${inBraces(path)} ${policy === 'public' ? 'public' : 'guarded'}`,
  );
  expect(described.toSorted()).toEqual(mounted.toSorted());
  expect(mounted.filter((one) => one.endsWith('public'))).toEqual([
    'post /admin/bootstrap public',
    'post /admin/session public',
    'post /admin/session/cookie public',
    'post /admin/session/refresh public',
    'get /admin/session/providers public',
    'post /admin/session/authorization public',
    'post /admin/session/passkey/challenge public',
    'post /admin/session/passkey public',
    'post /admin/device-logins public',
    'post /admin/device-logins/token public',
  ]);
});

it('describes every route of the Instabase dialect, and what opens it', async () => {
  const all = await describedUnder(INSTABASE);
  const managing = all.filter(({ name }) => !name.includes('/u/'));
  const mounted = instabaseRoutes
    .filter(({ method }) => method !== 'all')
    .map(({ method, path }) => `${method} ${INSTABASE}${inBraces(path)}`);
  expect(managing.map(({ name }) => name).toSorted()).toEqual(mounted.toSorted());
  for (const { operation } of managing) {
    expect(operation.security?.map((one) => Object.keys(one)[0])).toEqual(['namedToken', 'accessToken']);
    expect(operation.responses.default).toEqual({ $ref: '#/components/responses/InstabaseFailed' });
  }
  const triggers = all.filter(({ name }) => name.includes('/u/'));
  expect(triggers.map(({ name }) => name.slice(0, name.indexOf(' '))).toSorted()).toEqual([
    'delete',
    'get',
    'head',
    'options',
    'patch',
    'post',
    'put',
  ]);
});

it('the answers of the Instabase dialect are what it describes', async () => {
  const { token } = await makeToken(['developer']);
  const handler = await saveScript(`${unique('openapi')}.js`, 'export const handler = () => "ok"');
  const id = unique('described');
  const send = async (schema: z.ZodObject, method: string, path: string, body?: unknown): Promise<void> =>
    void schema.strict().parse((await instabase(method, path, { token, body })).body);
  const body = { path: unique('described'), handler_script_path: handler };
  await send(IdAnswer, 'PUT', `/${id}`, body);
  await send(Entry, 'GET', `/${id}`);
  await send(EndpointList, 'GET', `/list?id=${id}`);
  await send(IdAnswer, 'PATCH', `/${id}`, { enabled: false });
  await send(InstabaseProblem, 'PUT', `/${id}`, body);
  await send(InstabaseProblem, 'PATCH', `/${id}`, { path: '' });
  expect((await instabase('DELETE', `/${id}`, { token })).body).toEqual({});
});
