import type { Heat } from '../race.ts';
import type { Finding, Race } from '../scenarios/scenario.ts';

/** Goals are set for this many connections. */
const AT = 16;

/** Compares the races with their goals. Ratios only: times depend on the machine and its other load. */
export function judge(heats: Heat[], races: Race[]): Finding[] {
  const heat = heats.find(({ connections }) => connections === AT);
  if (heat === undefined) return [];
  return races.flatMap(({ name, goal }) => {
    const ratio = heat.rows.find((row) => row.name === name)?.ratio;
    if (goal === null || !ratio) return [];
    const rate = {
      what: `${name}: requests/s of the floor's`,
      value: ratio.perSecond.toFixed(2),
      goal: `at least ${goal.rate}`,
      met: ratio.perSecond >= goal.rate,
    };
    if (goal.p99 === null) return [rate];
    return [
      rate,
      {
        what: `${name}: p99 of the floor's`,
        value: ratio.p99.toFixed(2),
        goal: `at most ${goal.p99}`,
        met: ratio.p99 <= goal.p99,
      },
    ];
  });
}
