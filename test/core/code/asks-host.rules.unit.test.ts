import { expect, test } from 'vitest';
import type { Artifact } from '../../../src/core/code/artifact';
import { mayAskHost } from '../../../src/core/code/asks-host.rules';

const artifact = (code: string, more: Partial<Artifact> = {}): Artifact => ({
  runtime: 'javascript',
  form: 'named',
  code,
  libraries: [],
  ...more,
});

test.each<[string, Artifact, boolean]>([
  ['code that only computes', artifact('export default ({ a }) => ({ a, prefetched: a, timetables: 1 })'), false],
  ['fetch', artifact(`export default () => fetch('https://up.dev')`), true],
  ['tables', artifact('export default (p, { tables }) => tables'), true],
  ['work after the response', artifact('export default (p, c) => c.waitUntil(later())'), true],
  ['the global object', artifact('export default () => globalThis[name]()'), true],
  ['an escaped name', artifact('export default (p, c) => c.t\\u0061bles'), true],
  ['another module', artifact(`import { createHash } from 'node:crypto'`), true],
  ['a library', artifact('export default app', { libraries: ['hono'] }), true],
  ['a workflow', artifact('', { workflow: { kind: 'workflow', calls: [], secrets: [], steps: [] } }), true],
  ['Python', artifact('result = 1', { runtime: 'python' }), true],
])('mayAskHost of %s', (_name, code, expected) => expect(mayAskHost(code)).toBe(expected));
