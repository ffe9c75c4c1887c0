import type { Generator } from './load/generator.ts';
import { measure, type Figures } from './measure.ts';
import type { Heat as Plan } from './options.ts';
import { reasonOf, type Failure } from './report/failure.ts';
import { lowerQuartile, median, quieterHalf } from './report/statistics.ts';
import { lineUp, type Subject } from './scenarios/line-up.ts';
import type { Bench, Race } from './scenarios/scenario.ts';

/**
 * Results of one subject over all rounds: medians, and the lower quartile of `cpuUs`, workerd's processor time per request with all work
 * after the responses (null if unknown).
 */
export interface Row extends Omit<Figures, 'others'> {
  name: string;
  title: string;
  /** `cpuUs` of each round, in their order. */
  cpuRounds: (number | null)[];
  /** Ratios to the floor; null for a floor. */
  ratio: { perSecond: number; p99: number; cpu: number | null } | null;
}
export interface Heat {
  connections: number;
  /** Processors that other processes used while this was measured, median. */
  others: number;
  rows: Row[];
  failures: Failure[];
}

/** Measures races beside their floors, round by round, so that other load on the machine affects all of them alike. */
export async function runRaces(
  bench: Bench,
  races: Race[],
  plans: Plan[],
  say: (text: string) => void,
): Promise<Heat[]> {
  const { subjects, failures } = await lineUp(bench, races);
  const heats: Heat[] = [];
  for (const plan of plans) {
    const own = subjects.filter(({ connections }) => connections === null || connections === plan.connections);
    if (own.length > 0) heats.push(await runHeat(bench.generator, own, plan, say));
  }
  heats[0]?.failures.push(...failures);
  return heats;
}

/** Measures subjects in turns, for all rounds of a plan. A subject that fails is left out of the rest. */
export async function runHeat(
  generator: Generator,
  subjects: Subject[],
  plan: Plan,
  say: (text: string) => void,
): Promise<Heat> {
  const { connections, warmupMs, measureMs } = plan;
  const figures = new Map(subjects.map(({ name }) => [name, [] as Figures[]]));
  const failures = new Map<string, Failure>();
  for (let round = 0; round < plan.rounds; round++) {
    say(`${connections} connections, round ${round + 1} of ${plan.rounds}`);
    // Every other round runs backwards: the position in a round is then neither an advantage nor a disadvantage.
    for (const { name, title, target, floor, served } of round % 2 === 0 ? subjects : subjects.toReversed()) {
      if (failures.has(name)) continue;
      const order = { target, connections, warmupMs, measureMs };
      try {
        figures.get(name)!.push(await measure({ served, generator }, order, floor !== null));
      } catch (error) {
        failures.set(name, { title, reason: reasonOf(error) });
      }
    }
  }
  const others = median([...figures.values()].flat().map((one) => one.others));
  const measured = subjects.filter(({ name }) => !failures.has(name));
  const rows = measured.map((subject) => toRow(subject, figures, !failures.has(subject.floor ?? '')));
  return { connections, others, rows, failures: [...failures.values()] };
}

function toRow({ name, title, floor }: Subject, figures: Map<string, Figures[]>, hasFloor: boolean): Row {
  const own = figures.get(name)!;
  const kept = quieterHalf(own, ({ others }) => others);
  const of = (figure: (figures: Figures) => number): number => median(kept.map(figure));
  return {
    name,
    title,
    perSecond: of(({ perSecond }) => perSecond),
    p50: of(({ p50 }) => p50),
    p99: of(({ p99 }) => p99),
    generator: of(({ generator }) => generator),
    cpuUs: cpuOf(own),
    cpuRounds: own.map(({ cpuUs }) => cpuUs),
    ratio: floor === null || !hasFloor ? null : toRatio(own, figures.get(floor)!),
  };
}

function toRatio(own: Figures[], floor: Figures[]): NonNullable<Row['ratio']> {
  const pairs = own.map((figures, round) => ({ ours: figures, theirs: floor[round]! }));
  const kept = quieterHalf(pairs, ({ ours, theirs }) => ours.others + theirs.others);
  const of = (figure: (figures: Figures) => number): number =>
    median(kept.map(({ ours, theirs }) => figure(ours) / figure(theirs)));
  const [ours, theirs] = [cpuOf(own), cpuOf(floor)];
  return {
    perSecond: of(({ perSecond }) => perSecond),
    p99: of(({ p99 }) => p99),
    cpu: ours === null || theirs === null ? null : ours / theirs,
  };
}

/** Returns the lower quartile of the processor time; null when a round does not know it. */
export function cpuOf(rounds: Pick<Figures, 'cpuUs'>[]): number | null {
  const known = rounds.flatMap(({ cpuUs }) => (cpuUs === null ? [] : [cpuUs]));
  return known.length < rounds.length ? null : lowerQuartile(known);
}
