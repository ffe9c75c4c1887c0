import { expect, test } from 'vitest';
import { putSecret } from '../../../src/core/publishing/secrets/put-secret';
import { deployVersion } from '../../../src/core/publishing/handlers/deploy-version';
import { callAdmin } from '../../support/admin-api';
import { testContext } from '../../support/context';
import { saveHandler, unique } from '../../support/publish';
import { adminToken } from '../../support/sign-in';
import { publishWorkflow, respond, saveVersion, workflow } from '../../support/workflow';

const api = async (method: string, path: string, body?: object) =>
  callAdmin(method, path, { token: await adminToken(), body });
const handlerOf = (...steps: object[]) => saveHandler(workflow(...steps), `${unique('h')}.workflow.json`);
const create = async (path: string, more: object = {}) => api('POST', '/endpoints', { handler: { path }, ...more });
const PARAM = respond({ $: 'params.email' });

test('a parameter that is not declared is a warning, and an error where the endpoint is strict', async () => {
  const { path } = await handlerOf(PARAM);
  const loose = await create(path);
  expect([loose.status, loose.body.warnings]).toMatchObject([
    201,
    [{ pointer: '#/handler', code: 'maybe_missing', message: '/steps/0/body: parameter email is not declared' }],
  ]);
  expect(await create(path, { strict: true })).toMatchObject({
    status: 422,
    body: { errors: [{ pointer: '#/handler', code: 'unknown_reference' }] },
  });
  const declared = await create(path, { strict: true, parameters: [{ name: 'email', required: true }] });
  expect([declared.status, declared.body.warnings]).toEqual([201, []]);
  const patched = await api('PATCH', `/endpoints/${String(declared.body.id)}`, { parameters: [] });
  expect([patched.status, patched.body.errors]).toMatchObject([422, [{ code: 'unknown_reference' }]]);
});

test('a secret that the endpoint does not list is an error; one on a public endpoint a warning', async () => {
  const name = unique('KEY').replaceAll('-', '_').toUpperCase();
  await putSecret(testContext(), name, { value: 'some value', description: '', roles: [] });
  const { path } = await handlerOf(
    { id: 'c', do: 'code', with: { x: { secret: name } }, source: 'return 1' },
    respond(1),
  );
  expect(await create(path)).toMatchObject({ status: 422, body: { errors: [{ code: 'unknown_reference' }] } });
  expect((await create(path, { secrets: [name] })).body.warnings).toEqual([]);
  expect((await create(path, { secrets: [name], access: { level: 'public' } })).body.warnings).toMatchObject([
    { code: 'public_with_secret' },
  ]);
});

test('a write on a public endpoint is a warning', async () => {
  const { path } = await handlerOf({ id: 'i', do: 'table.insert', table: 't', values: {} }, respond(1));
  expect((await create(path, { access: { level: 'public' } })).body.warnings).toMatchObject([
    { code: 'public_write' },
    { code: 'maybe_missing', pointer: '#/handler', message: 'table t does not exist yet' },
  ]);
});

test('saving and deploying look at the endpoints that are served', async () => {
  const { endpoint, handler } = await publishWorkflow([respond(1)], { strict: true });
  await expect(saveVersion(handler, workflow(PARAM))).rejects.toMatchObject({
    code: 'invalid_source',
    extra: {
      issues: [
        {
          pointer: '#/source/steps/0/body',
          code: 'unknown_reference',
          message: expect.stringContaining(endpoint.path),
        },
      ],
    },
  });
  const draft = await saveVersion(handler, workflow(PARAM), false);
  expect(draft.warnings).toMatchObject([{ code: 'unknown_reference' }]);
  const deploy = () => deployVersion(testContext(), handler.id, draft.version, null);
  await expect(deploy()).rejects.toMatchObject({ code: 'invalid_source' });
  await api('PATCH', `/endpoints/${endpoint.id}`, { parameters: [{ name: 'email' }] });
  expect((await deploy()).warnings).toMatchObject([{ code: 'maybe_missing' }]);
});
