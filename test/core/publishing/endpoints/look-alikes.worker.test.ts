import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import { createEndpoint } from '../../../../src/core/publishing/endpoints/create-endpoint';
import { deleteEndpoint } from '../../../../src/core/publishing/endpoints/delete-endpoint';
import { CreateEndpointInput } from '../../../../src/core/publishing/endpoints/endpoint.schema';
import { updateEndpoint } from '../../../../src/core/publishing/endpoints/update-endpoint';
import { codeOf } from '../../../support/code-of';
import { testContext } from '../../../support/context';
import { delayedBy } from '../../../support/delayed';
import { call, ensureAdmin, publish, saveHandler, unique } from '../../../support/publish';

const ctx = testContext();
const create = async (path: string, as = ctx) =>
  createEndpoint(
    as,
    CreateEndpointInput.parse({ path, handler: { path: (await saveHandler('export default () => 1')).path } }),
  );

test('a path that differs from another in case only is refused, and the other is named', async () => {
  await ensureAdmin();
  const path = unique('Orders');
  const { id } = await create(path);
  const taken = { code: 'path_taken', message: expect.stringContaining(path) };
  await expect(create(path.toUpperCase())).rejects.toMatchObject(taken);
  const { endpoint } = await publish('export default () => 1');
  await expect(updateEndpoint(ctx, endpoint.id, { path: path.toLowerCase() }, null)).rejects.toMatchObject(taken);
  // Its own case is its own to change; a URL is only answered as it is written.
  expect((await updateEndpoint(ctx, id, { path: path.toUpperCase(), access: { level: 'public' } }, null)).path).toBe(
    path.toUpperCase(),
  );
  expect([
    (await call(`/u/${path.toUpperCase()}`, { method: 'POST' })).status,
    (await call(`/u/${path}`, { method: 'POST' })).status,
  ]).toEqual([200, 404]);
  await deleteEndpoint(ctx, id, null);
  await create(path);
});

test('two concurrent creations make one', async () => {
  const path = unique('case');
  const codes = await Promise.all([codeOf(create(path)), codeOf(create(path.toUpperCase()))]);
  expect(codes.toSorted()).toEqual(['done', 'path_taken']);
  const other = unique('late');
  const late = delayedBy(ctx, async () => void (await create(other.toUpperCase())));
  expect(await codeOf(create(other, late))).toBe('path_taken');
});

test('endpoints that were look-alikes before stay, and change but for their paths', async () => {
  const { endpoint } = await publish('export default () => 1');
  const { endpoint: other } = await publish('export default () => 1');
  await env.DB.prepare('update endpoints set path = ? where id = ?').bind(endpoint.path.toUpperCase(), other.id).run();
  expect((await updateEndpoint(ctx, other.id, { title: 'x' }, null)).title).toBe('x');
});
