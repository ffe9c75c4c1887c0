import { expect, test } from 'vitest';
import type { Heat, Row } from '../../../bench/race.ts';
import { judge, priceOfRecord } from '../../../bench/report/verdicts.ts';
import { dispatchOnlyName } from '../../../bench/scenarios/line-up.ts';
import { pooled, pooledUnlogged } from '../../../bench/scenarios/pooled.ts';

const row = (name: string, cpuRounds: (number | null)[], ratio: Row['ratio'] = null): Row => ({
  name,
  title: name,
  perSecond: 1000,
  p50: 1,
  p99: 2,
  generator: 0.1,
  cpuUs: cpuRounds[0]!,
  cpuRounds,
  ratio,
});
const heat = (connections: number, ...rows: Row[]): Heat => ({ connections, others: 0, rows, failures: [] });
// The second round was slower as a whole, the third was disturbed in one of its cells.
const rows = [
  row(pooled.name, [200, 300, 190]),
  row(dispatchOnlyName(pooled.name), [170, 270, 900]),
  row(pooledUnlogged.name, [140, 240, 130]),
];

test('goals are judged at 16 connections', () => {
  const heats = [
    heat(1, row(pooled.name, [1], { perSecond: 0.1, p99: 9, cpu: 9 })),
    heat(16, row(pooled.name, [1], { perSecond: 0.85, p99: 2.5, cpu: 1.2 })),
  ];
  expect(judge(heats, [pooled]).map(({ value, met }) => ({ value, met }))).toEqual([
    { value: '0.85', met: true },
    { value: '2.50', met: false },
  ]);
  expect(judge(heats.slice(0, 1), [pooled])).toEqual([]);
});

test('the price of a run record is split into making and storing it, within each round', () => {
  expect(priceOfRecord([heat(16, ...rows)]).map(({ value }) => value)).toEqual(['30 us', '30 us', '60 us']);
});

test('the price of a run record needs all three rows and known processor time', () => {
  expect(priceOfRecord([heat(16, ...rows.slice(1))])).toEqual([]);
  expect(priceOfRecord([heat(16, ...rows.slice(1), row(pooled.name, [null, 300, 190]))])).toEqual([]);
});
