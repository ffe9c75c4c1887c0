import type { Heat } from '../race.ts';
import { GOAL_CONNECTIONS } from '../options.ts';
import { dispatchOnlyName } from '../scenarios/line-up.ts';
import { pooled, pooledUnlogged } from '../scenarios/pooled.ts';
import { median } from './statistics.ts';
import { fact, type Finding, type Race } from '../scenarios/scenario.ts';

/** Most microseconds of processor time that a run record may cost, all threads, storage included. */
const RECORD_US = 40;

/** Compares the races with their goals: ratios, because times depend on the machine and its other load. */
export function judge(heats: Heat[], races: Race[]): Finding[] {
  const heat = heats.find(({ connections }) => connections === GOAL_CONNECTIONS);
  return races.flatMap(({ name, goal }) => {
    const ratio = heat?.rows.find((row) => row.name === name)?.ratio;
    if (goal === null || !ratio) return [];
    const { rate = null, p99 = null, cpu = null } = goal;
    return [
      ...(rate === null ? [] : [atLeast(`${name}: requests/s of the floor's`, ratio.perSecond, rate)]),
      ...(p99 === null ? [] : [atMost(`${name}: p99 of the floor's`, ratio.p99, p99)]),
      ...(cpu === null || ratio.cpu === null ? [] : [atMost(`${name}: processor time of the floor's`, ratio.cpu, cpu)]),
    ];
  });
}

/**
 * Returns what a run record costs a pooled call, in processor time: made and dropped, stored, and both. Medians of the differences within
 * each round, which are steadier than the difference of two rows. Empty when a row is missing.
 */
export function priceOfRecord(heats: Heat[]): Finding[] {
  const heat = heats.find(({ connections }) => connections === GOAL_CONNECTIONS);
  const roundsOf = (name: string): number[] =>
    heat?.rows.find((row) => row.name === name)?.cpuRounds.filter((us) => us !== null) ?? [];
  const [whole, dropped, off] = [pooled.name, dispatchOnlyName(pooled.name), pooledUnlogged.name].map(roundsOf);
  if (whole!.length === 0 || whole!.length !== dropped!.length || whole!.length !== off!.length) return [];
  const over = (more: number[], less: number[]): number => median(more.map((us, round) => us - less[round]!));
  const us = (value: number): string => `${value.toFixed(0)} us`;
  const both = over(whole!, off!);
  return [
    fact('record made and dropped, over a call with log off', us(over(dropped!, off!))),
    fact('record sent and stored, over one that is dropped', us(over(whole!, dropped!))),
    { what: 'both', value: us(both), goal: `at most ${RECORD_US} us`, met: both <= RECORD_US },
  ];
}

const atLeast = (what: string, value: number, goal: number): Finding => ({
  what,
  value: value.toFixed(2),
  goal: `at least ${goal}`,
  met: value >= goal,
});

const atMost = (what: string, value: number, goal: number): Finding => ({
  what,
  value: value.toFixed(2),
  goal: `at most ${goal}`,
  met: value <= goal,
});
