import { exports } from 'cloudflare:workers';
import { expect, it } from 'vitest';
import { adminRoutes } from '../../src/http/admin/admin.routes';

interface Described {
  paths: Record<string, Record<string, { security?: unknown[]; responses: Record<string, unknown> }>>;
}

it('describes every route of the admin API, and which of them need no token', async () => {
  const response = await exports.default.fetch('https://portico.test/openapi.json');
  expect(response.status).toBe(200);
  const { paths } = await response.json<Described>();
  const described = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, { security }]) => `${method} ${path} ${security ? 'public' : 'guarded'}`),
  );
  const mounted = adminRoutes.map(
    ({ method, path, policy }) =>
      `${method} ${path.replace(/:(\w+)/g, '{$1}')} ${policy === 'public' ? 'public' : 'guarded'}`,
  );
  expect(described.toSorted()).toEqual(mounted.toSorted());
  expect(mounted.filter((one) => one.endsWith('public'))).toEqual([
    'post /admin/bootstrap public',
    'post /admin/session public',
    'post /admin/session/refresh public',
  ]);
});
