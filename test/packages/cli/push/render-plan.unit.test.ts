import { expect, test } from 'vitest';
import { headerOf, stepLine } from '../../../../packages/cli/src/push/render-plan.ts';
import type { Plan, PlanStep } from '../../../../packages/cli/src/service/protocol.ts';

const plan = (lastCommit: string | null): Plan => ({
  project: 'shop',
  generation: 3,
  lastCommit,
  pushedAt: lastCommit === null ? null : '2026-11-26T12:00:00.000Z',
  pushedBy: 'ada',
  digest: '',
  steps: [],
  unchanged: 0,
  blocked: [],
  need: { documents: [], blobs: [] },
  toSet: { secrets: [], keys: [] },
});

test.each([
  [null, 'never pushed'],
  ['0123456789abcdef', 'last push 0123456789ab by ada, 2026-11-26T12:00'],
  ['folder-0123456789ab', 'last push by ada, 2026-11-26T12:00'],
])('the header of a plan after a push of %s ends with: %s', (lastCommit, last) => {
  expect(headerOf('local', 'http://127.0.0.1:8787', plan(lastCommit))).toBe(
    `local http://127.0.0.1:8787 · shop · generation 3 · ${last}`,
  );
});

test('two keys of one alias are shown without who changed one last', () => {
  const step: PlanStep = {
    kind: 'key',
    identity: 'shop',
    action: 'conflict',
    reason: 'ambiguous',
    changedBy: { actor: 'ada', at: '2026-11-26T12:00:00.000Z' },
  };
  const io = {
    isTerminal: false,
    say: () => {},
    note: () => {},
    result: () => {},
    style: (_: string, text: string) => text,
  };
  expect(stepLine(step, io)).toMatch(/give the others another$/);
});
