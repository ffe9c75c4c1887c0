import { expect, test } from 'vitest';
import { readOptions } from '../../bench/options.ts';
import { planRun } from '../../bench/plan.ts';

test('a full run measures cells of at least 2 s at 1, 16, 64 and 256 connections', () => {
  const { heats } = readOptions([]);
  expect(heats.map(({ connections }) => connections)).toEqual([1, 16, 64, 256]);
  expect(heats.every(({ measureMs }) => measureMs >= 2000)).toBe(true);
});

test('a quick run measures at 16 connections and takes about two minutes', () => {
  const options = readOptions(['--quick']);
  expect(options.heats.map(({ connections }) => connections)).toEqual([16]);
  expect(planRun(options).minutes).toBeLessThan(2.5);
});

test('scenarios that are named run even when a quick run leaves them out', () => {
  const { races, trials } = planRun(readOptions(['--quick', '--only', 'body-64K,python']));
  expect([...races, ...trials].map(({ name }) => name)).toEqual(['body-64K', 'python']);
});

test.each([['--rounds', '0'], ['--connections', '16,x'], ['--connections', ''], ['--unknown']])(
  'the arguments %s %s are refused',
  (...args) => {
    expect(() => readOptions(args)).toThrow();
  },
);

test('an unknown scenario is refused with the names of the known ones', () => {
  expect(() => planRun(readOptions(['--only', 'nothing']))).toThrow(/pooled/);
});

test('a whole run takes at most 24 minutes, with six rounds of the rows that goals are for', () => {
  const options = readOptions([]);
  expect(planRun(options).minutes).toBeLessThanOrEqual(24);
  expect(options.heats.find(({ connections }) => connections === 16)!.rounds).toBe(6);
});
