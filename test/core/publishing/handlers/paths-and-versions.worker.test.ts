import { beforeAll, describe, expect, test } from 'vitest';
import { createEndpoint } from '../../../../src/core/publishing/endpoints/create-endpoint';
import { CreateEndpointInput } from '../../../../src/core/publishing/endpoints/endpoint.schema';
import { getEndpoint } from '../../../../src/core/publishing/endpoints/get-endpoint';
import { updateEndpoint } from '../../../../src/core/publishing/endpoints/update-endpoint';
import { deleteVersion } from '../../../../src/core/publishing/handlers/delete-version';
import { deployVersion } from '../../../../src/core/publishing/handlers/deploy-version';
import { getHandler, getVersion, listVersions } from '../../../../src/core/publishing/handlers/get-handler';
import { renameHandler } from '../../../../src/core/publishing/handlers/rename-handler';
import { listAudit } from '../../../../src/core/audit/list-audit';
import { callAdmin } from '../../../support/admin-api';
import { codeOf } from '../../../support/code-of';
import { actorWith, testContext } from '../../../support/context';
import { delayedBy } from '../../../support/delayed';
import { ensureAdmin, postJson, publish, saveHandler, unique } from '../../../support/publish';
import { adminToken } from '../../../support/sign-in';
import { publishWorkflow, respond, saveMiddleware, saveVersion, workflow } from '../../../support/workflow';

const ctx = testContext();
beforeAll(ensureAdmin);
const rename = (id: string, path: string, force = false) => renameHandler(ctx, id, { path }, force, null);
const ask = async (path: string) => (await postJson(`/u/${path}`, {})).text();
const call = (handler: string): string => workflow({ id: 'c', do: 'call', handler }, respond({ $: 'steps.c' }));

describe('another path of a handler', () => {
  test('is followed by its endpoints and by those that attach it, in their order', async () => {
    const one = await saveMiddleware([{ id: 'a', do: 'set', name: 'a', value: 1 }]);
    const two = await saveMiddleware([{ id: 'a', do: 'set', name: 'b', value: { $: 'params.v' } }], [{ name: 'v' }]);
    const middleware = [
      { handler: one.path, with: {} },
      { handler: two.path, with: { v: { a: [null, 'x"'] } } },
      { handler: one.path, with: {} },
    ];
    const { endpoint, handler } = await publishWorkflow([respond({ $: 'mw' })], {
      access: { level: 'public', middleware },
    });
    const [path, mw] = [`${unique('other')}.workflow.json`, `${unique('moved/mw')}.workflow.json`];
    expect(await rename(handler.id, path)).toMatchObject({ id: handler.id, path, revision: 2, defaultVersion: 1 });
    await rename(one.id, mw);
    const after = await getEndpoint(ctx, endpoint.id);
    expect([after.handler.path, after.access.middleware, after.revision]).toEqual([
      path,
      [{ handler: mw, with: {} }, middleware[1], { handler: mw, with: {} }],
      2,
    ]);
    expect(JSON.parse(await ask(endpoint.path))).toEqual([{ a: 1 }, { b: { a: [null, 'x"'] } }, { a: 1 }]);
    const { items } = await listAudit(ctx, { objectId: handler.id, limit: 1 });
    expect(items[0]).toMatchObject({ action: 'handler.update', changes: { path: { from: handler.path, to: path } } });
  });

  test('is refused while a step that is served calls the old one, unless it is forced', async () => {
    const callee = await saveHandler('export default () => "called"');
    const { endpoint, handler: caller } = await publish(call(callee.path), {}, 'workflow.json');
    expect(await ask(endpoint.path)).toBe('called');
    const path = `${unique('renamed')}.js`;
    await expect(rename(callee.id, path)).rejects.toMatchObject({
      code: 'in_use',
      extra: { uses: [{ noun: 'handler', id: caller.id, as: 'call' }] },
    });
    await saveVersion(caller, call(path), true);
    await rename(callee.id, path);
    expect(await ask(endpoint.path)).toBe('called');
    await rename(callee.id, `${unique('again')}.js`, true);
    expect((await postJson(`/u/${endpoint.path}`, {})).status).toBe(500);
  });

  test('must be free, of the same language, and set with permission', async () => {
    const [one, two] = [await saveHandler('export default () => 1'), await saveHandler('export default () => 2')];
    expect(await codeOf(rename(one.id, two.path))).toBe('path_taken');
    expect(await codeOf(rename(one.id, 'a.py'))).toBe('invalid_input');
    // Both endings are JavaScript's.
    expect(await rename(one.id, `${unique('m')}.mjs`)).toMatchObject({ language: 'javascript' });
    expect(await codeOf(renameHandler(testContext(actorWith('viewer')), two.id, { path: 'x.js' }, false, null))).toBe(
      'forbidden',
    );
    // A step of an admin's endpoint names a handler that does not exist: a user who takes the name runs code with the admin's rights.
    const wanted = `${unique('wanted')}.js`;
    await publish(call(wanted), {}, 'workflow.json');
    expect(
      await codeOf(renameHandler(testContext(actorWith('developer')), two.id, { path: wanted }, false, null)),
    ).toBe('forbidden');
  });

  test('excludes a concurrent attachment, or is followed by it', async () => {
    const mw = await saveMiddleware([{ id: 'a', do: 'set', name: 'a', value: 1 }]);
    const { endpoint } = await publish('export default () => 1');
    const attach = updateEndpoint(
      delayedBy(ctx, async () => void (await rename(mw.id, `${unique('late')}.workflow.json`))),
      endpoint.id,
      { access: { middleware: [{ handler: mw.path, with: {} }] } },
      null,
    );
    expect(await codeOf(attach)).toBe('stale_revision');
  });
});

describe('a version that nothing serves', () => {
  const twoVersions = async () => {
    const made = await publish('export default () => "one"');
    await saveVersion(made.handler, 'export default () => "two, with a password in it"', false);
    return made;
  };

  test('can be deleted: its source is gone, its number is not given again', async () => {
    const { handler, endpoint } = await twoVersions();
    const url = `/handlers/${handler.id}/versions/2`;
    const token = await adminToken();
    expect((await callAdmin('DELETE', url, { token })).status).toBe(204);
    expect((await callAdmin('GET', url, { token })).status).toBe(404);
    expect((await callAdmin('DELETE', url, { token })).status).toBe(404);
    expect((await listVersions(ctx, handler.id, { limit: 10 })).items.map(({ version }) => version)).toEqual([1]);
    expect(await codeOf(deployVersion(ctx, handler.id, 2, null))).toBe('not_found');
    expect(await codeOf(updateEndpoint(ctx, endpoint.id, { handler: { path: handler.path, version: 2 } }, null))).toBe(
      'invalid_input',
    );
    expect((await saveVersion(handler, 'export default () => "three"', false)).version).toBe(3);
    expect(await ask(endpoint.path)).toBe('one');
    const { items } = await listAudit(ctx, { objectId: handler.id, limit: 10 });
    expect(items.map(({ action, changes }) => [action, changes.version])).toContainEqual(['handler.delete-version', 2]);
  });

  test('cannot be the default version or a pinned one', async () => {
    const { handler, endpoint } = await twoVersions();
    const input = CreateEndpointInput.parse({ handler: { path: handler.path, version: 2 } });
    const pinned = await createEndpoint(ctx, input);
    await expect(deleteVersion(ctx, handler.id, 1, null)).rejects.toMatchObject({
      code: 'in_use',
      extra: { uses: [{ noun: 'handler', id: handler.id, as: 'default' }] },
    });
    await expect(deleteVersion(ctx, handler.id, 2, null)).rejects.toMatchObject({
      code: 'in_use',
      extra: { uses: [{ noun: 'endpoint', id: pinned.id, as: 'version' }] },
    });
    await deployVersion(ctx, handler.id, 2, null);
    await deleteVersion(ctx, handler.id, 1, null);
    expect(await ask(endpoint.path)).toContain('two');
    expect(await codeOf(getVersion(ctx, handler.id, 1))).toBe('not_found');
  });

  test('is not deployed, and not pinned, when it is deleted at that moment', async () => {
    const { handler, endpoint } = await twoVersions();
    const late = delayedBy(ctx, () => deleteVersion(ctx, handler.id, 2, null));
    expect(await codeOf(updateEndpoint(late, endpoint.id, { handler: { path: handler.path, version: 2 } }, null))).toBe(
      'stale_revision',
    );
    expect((await getHandler(ctx, handler.id)).defaultVersion).toBe(1);
    await saveVersion(handler, 'export default () => 3', false);
    const later = delayedBy(ctx, () => deleteVersion(ctx, handler.id, 3, null));
    expect(await codeOf(deployVersion(later, handler.id, 3, null))).toBe('stale_revision');
    expect(await ask(endpoint.path)).toBe('one');
  });
});
