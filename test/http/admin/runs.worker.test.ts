import { beforeAll, expect, test } from 'vitest';
import { newRunId } from '../../../src/core/runs/run-id';
import { toStoredRun } from '../../../src/core/runs/stored-run.rules';
import { callAdmin } from '../../support/admin-api';
import { testContext } from '../../support/context';
import { call, publish, runOf, unique } from '../../support/publish';
import { record } from '../../support/runs';
import { adminToken, createUser, signIn } from '../../support/sign-in';

let token: string;
beforeAll(async () => {
  token = await adminToken();
});

async function makeRun(log: 'full' | 'audited' = 'full'): Promise<{ id: string; endpointId: string }> {
  const { endpoint } = await publish('export default () => 1', { log });
  const { id } = await runOf(await call(`/u/${endpoint.path}`, { method: 'POST' }));
  return { id, endpointId: endpoint.id };
}

test('an admin deletes a run, which is audited', async () => {
  const { id, endpointId } = await makeRun();
  expect((await callAdmin('DELETE', `/runs/${id}`, { token })).status).toBe(204);
  expect((await callAdmin('GET', `/runs/${id}`, { token })).status).toBe(404);
  expect((await callAdmin('GET', `/runs?endpoint=${endpointId}`, { token })).body).toMatchObject({ items: [] });
  expect((await callAdmin('GET', `/audit?target=${id}`, { token })).body).toMatchObject({
    items: [{ action: 'run.delete', object: 'run', objectId: id, changes: { endpointId, outcome: 'success' } }],
  });
  expect((await callAdmin('DELETE', `/runs/${id}`, { token })).status).toBe(404);
});

test.each(['developer', 'operator', 'viewer'])('a %s may not', async (role) => {
  const { id } = await makeRun();
  const { name } = await createUser(unique(role), [role]);
  const { accessToken } = await signIn(name);
  expect((await callAdmin('DELETE', `/runs/${id}`, { token: accessToken })).status).toBe(403);
  expect((await callAdmin('GET', `/runs/${id}`, { token })).status).toBe(200);
});

test('a run whose call goes on stays', async () => {
  const { id } = await makeRun('audited');
  const { runLog } = testContext();
  const going = record('ep_going', { ...(await runLog.get(id))!, id: newRunId(Date.now()), outcome: 'running' });
  await runLog.begin(toStoredRun(going));
  const { status, body } = await callAdmin('DELETE', `/runs/${going.id}`, { token });
  expect([status, body.code]).toEqual([409, 'in_use']);
  expect(await runLog.get(going.id)).toMatchObject({ outcome: 'running' });
});
