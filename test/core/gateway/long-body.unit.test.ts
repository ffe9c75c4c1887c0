import { expect, test } from 'vitest';
import { isLong, sizeOfDraft } from '../../../src/core/gateway/long-body';
import { NO_REPORT } from '../../../src/core/code/no-report';
import type { Report } from '../../../src/runtime/types';

const report = (more: Partial<Report>): Report => ({ ...NO_REPORT, ...more });
const step: Report['steps'][number] = { id: 'a', action: 'set', outcome: 'success', startedMs: 0, durationMs: 0 };

test('a record is made at once where a body is longer than the part that it keeps', () => {
  expect(isLong(new ArrayBuffer(8192), 'x'.repeat(8192))).toBe(false);
  expect(isLong(new ArrayBuffer(8193), '')).toBe(true);
  expect(isLong(null, 'x'.repeat(8193))).toBe(true);
});

test('a draft holds short bodies, the kept part of long ones, its logs, and its steps', () => {
  expect(sizeOfDraft(null, '', NO_REPORT)).toBe(0);
  expect(sizeOfDraft(new ArrayBuffer(10), 'abc', NO_REPORT)).toBe(13);
  expect(sizeOfDraft(new ArrayBuffer(1_000_000), 'x'.repeat(1_000_000), NO_REPORT)).toBe(16_384);
  expect(
    sizeOfDraft(
      null,
      '',
      report({
        logs: [
          [0, 'info', 'abcd'],
          [1, 'warn', 'ef'],
        ],
      }),
    ),
  ).toBe(6);
  expect(sizeOfDraft(null, 'abc', report({ steps: [step, step] }))).toBe(16_003);
});
