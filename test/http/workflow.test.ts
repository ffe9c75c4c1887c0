import { expect, test } from 'vitest';
import { call, postJson, publish, runOf, unique } from '../support/publish';

export const workflow = (...steps: object[]): string => JSON.stringify({ kind: 'workflow', steps });

test('hello', async () => {
  const { endpoint } = await publish(
    workflow({ id: 'answer', do: 'respond', status: 201, headers: { 'x-a': 'b' }, body: { hi: { $: 'params.name' } } }),
    {},
    'workflow.json',
  );
  const response = await postJson(`/u/${endpoint.path}`, { name: 'Ada' });
  expect([response.status, response.headers.get('x-a'), await response.json()]).toEqual([201, 'b', { hi: 'Ada' }]);
  const run = await runOf(response);
  expect(run.steps).toMatchObject([
    { id: 'answer', action: 'respond', outcome: 'success', input: { body: { hi: 'Ada' } } },
  ]);
});
