import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { monthlyCost, renderCosts } from '../../../scripts/deploy/cost.ts';

test('a service without calls costs the plan, and one with few hardly more', () => {
  expect([monthlyCost(0), monthlyCost(1)]).toEqual([5, 5]);
});

test('the costs add up what is beyond the plan', () => {
  // 432 M calls: 864 M requests, 1,296 M ms; 51.84 M batches, in rows that the plan includes; 100 GB.
  const parts = [5, 854 * 0.3, 1266 * 0.02, 50.84 * 0.15, 95 * 0.2];
  expect(monthlyCost(10_000)).toBeCloseTo(parts.reduce((sum, part) => sum + part));
});

test('docs/operations.md has the costs that a deploy prints', () => {
  const page = readFileSync('docs/operations.md', 'utf8');
  const printed = [...renderCosts().matchAll(/([\d,]+) calls a minute {2}about (\$\d+) a month/g)];
  expect(printed).toHaveLength(3);
  for (const [, calls, dollars] of printed) expect(page).toContain(`| ${calls} | ${dollars} |`);
});
