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

test('calls are counted by outcome over time, also those whose record is deleted', async () => {
  const { id, endpointId } = await makeRun();
  const { endpoint } = await publish('export default () => { throw new Error() }');
  await runOf(await call(`/u/${endpoint.path}`, { method: 'POST' }));
  await callAdmin('DELETE', `/runs/${id}`, { token });
  const since = new Date(Date.now() - 3_600_000).toISOString();
  const { body } = await callAdmin('GET', `/runs/stats?since=${since}&endpoint=${endpointId}&step=minute`, { token });
  expect(body).toMatchObject({
    items: [{ group: '', calls: 1, outcomes: { success: 1 }, p99Ms: expect.any(Number), steps: [{ calls: 1 }] }],
  });
  const all = await callAdmin('GET', `/runs/stats?since=${since}&by=endpoint`, { token });
  expect(all.body.items).toContainEqual(
    expect.objectContaining({ group: endpoint.id, calls: 1, outcomes: { failed: 1 } }),
  );
});

test.each([
  ['more than 1,500 steps', 'since=2020-01-01T00:00:00Z', 400, 'invalid_parameter'],
  ['an unknown endpoint', `since=${new Date().toISOString()}&endpoint=nowhere`, 404, 'not_found'],
  ['an unknown step', `since=${new Date().toISOString()}&step=second`, 400, 'invalid_parameter'],
])('statistics refuse %s', async (_name, query, status, code) => {
  const answer = await callAdmin('GET', `/runs/stats?${query}`, { token });
  expect([answer.status, answer.body.code]).toEqual([status, code]);
});

test('lists take several outcomes, and not_success', async () => {
  const { endpoint } = await publish(
    `export default ({ n }) => { if (n === 2) throw new Error(); return new Response('', { status: n }) }`,
    {
      parameters: [{ name: 'n', type: 'integer', in: 'query' }],
    },
  );
  const made = await Promise.all(
    [200, 404, 2].map(async (n) => runOf(await call(`/u/${endpoint.path}?n=${n}`, { method: 'POST' }))),
  );
  const list = async (outcome: string): Promise<string[]> =>
    (
      (await callAdmin('GET', `/runs?endpoint=${endpoint.id}&outcome=${outcome}`, { token })).body.items as {
        id: string;
      }[]
    )
      .map(({ id }) => id)
      .toSorted();
  expect(made.map(({ outcome }) => outcome)).toEqual(['success', 'responded_error', 'failed']);
  const [, answered, failed] = made.map(({ id }) => id);
  expect(await list('failed,timeout')).toEqual([failed]);
  expect(await list('not_success')).toEqual([answered, failed].toSorted());
  expect((await callAdmin('GET', '/runs?outcome=nope', { token })).status).toBe(400);
});

test.each([
  ['an outcome many times', `outcome=${Array(16).fill('not_success').join()}`],
  ['a cursor of the far future', 'cursor=999999999999999.~'],
  ['times in reverse', 'since=2030-01-01T00:00:00Z&until=2020-01-01T00:00:00Z'],
  ['the first year', 'since=0000-01-01T00:00:00%2B14:00&until=0000-01-01T00:00:01Z'],
  ['the last year', 'since=9999-12-31T23:59:59-12:00&until=9999-12-31T23:59:59-14:00'],
  ['an expression', `q=${encodeURIComponent('(a+)+$|[^\\')}`],
  ['a long text that JSON escapes', `q=${encodeURIComponent('"\\'.repeat(100))}`],
  ['an error code with spaces', `error=${encodeURIComponent('a b')}`],
  ['the longest duration', `minMs=${Number.MAX_SAFE_INTEGER}`],
])('a list with %s has no runs, and does not fail', async (_name, query) => {
  const { body, status } = await callAdmin('GET', `/runs?endpointId=ep_nowhere&${query}`, { token });
  expect([status, body]).toMatchObject([200, { items: [] }]);
});

test.each([
  ['the first year', 'since=0000-01-01T00:00:00%2B14:00&until=0000-01-01T00:00:01Z'],
  ['the last year', 'since=9999-12-31T23:59:59Z&until=9999-12-31T23:59:59-14:00'],
  ['times in reverse', 'since=2030-01-01T00:00:00Z&until=2020-01-01T00:00:00Z'],
])('statistics of %s have no calls, and do not fail', async (_name, query) => {
  for (const step of ['minute', 'hour', 'day']) {
    const { body, status } = await callAdmin('GET', `/runs/stats?step=${step}&${query}`, { token });
    expect([step, status, body]).toMatchObject([step, 200, { items: [] }]);
  }
});
