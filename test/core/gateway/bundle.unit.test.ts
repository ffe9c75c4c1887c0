import { expect, test } from 'vitest';
import { makeBundle } from '../../../src/core/gateway/bundle';
import type { Artifact } from '../../../src/core/code/artifact';
import type { IsolatePolicy } from '../../../src/runtime/types';

const artifact: Artifact = { runtime: 'javascript', form: 'named', code: 'export default () => 1', libraries: [] };
const policy: IsolatePolicy = { owner: 'ep_1@1', executorId: 'usr_1', cpuMs: 1000, subRequests: 20 };
const parts = { role: 'handler', artifact, policy } as const;
const versions = (runtime: Artifact['runtime']): string => (runtime === 'python' ? 'p1' : 'j1');
const { id } = makeBundle(parts, versions);

test.each([
  ['the code', { artifact: { ...artifact, code: 'export default () => 2' } }],
  ['the form', { artifact: { ...artifact, form: 'request' as const } }],
  ['the runtime', { artifact: { ...artifact, runtime: 'python' as const } }],
  ['the owner', { policy: { ...policy, owner: 'ep_1@2' } }],
  ['the executor', { policy: { ...policy, executorId: 'usr_2' } }],
  ['the CPU time', { policy: { ...policy, cpuMs: 2000 } }],
  ['the subrequests', { policy: { ...policy, subRequests: 21 } }],
  ['the role', { role: 'call' as const }],
])('the id changes with %s', (_what, change) => {
  expect(makeBundle({ ...parts, ...change }, versions).id).not.toBe(id);
});

test('the id changes with the harness of its runtime only', () => {
  const upgraded = (runtime: Artifact['runtime']): string => (runtime === 'python' ? 'p1' : 'j2');
  expect(makeBundle(parts, upgraded).id).not.toBe(id);
  const python = { ...parts, artifact: { ...artifact, runtime: 'python' as const } };
  expect(makeBundle(python, upgraded).id).toBe(makeBundle(python, versions).id);
});

test('the same content has the same id, whatever its revision and the time at which it was read', () => {
  const again = makeBundle({ ...parts, artifact: { ...artifact }, generation: [7, 9], asOf: 5 }, versions);
  expect(again).toMatchObject({ id, generation: [7, 9], asOf: 5 });
});
