import type { Target } from './load/types.ts';
import { measure, type Figures } from './measure.ts';
import { median, quieterHalf } from './report/statistics.ts';
import { post } from './scenarios/people.ts';
import type { Bench, Race } from './scenarios/scenario.ts';
import type { FloorName } from './service/floors.ts';

/** Duration and number of measurements per subject. */
export interface Rounds {
  rounds: number;
  warmupMs: number;
  measureMs: number;
  connections: number[];
}

/** Medians over the rounds. `cpuUs`: processor time of workerd per request, including all work after the responses; null if unknown. */
export interface Row {
  name: string;
  title: string;
  perSecond: number;
  p50: number;
  p99: number;
  cpuUs: number | null;
  /** Medians of the ratios to the floor in the same round; null for a floor. */
  ratio: { perSecond: number; p99: number; cpu: number | null } | null;
}
export interface Heat {
  connections: number;
  rows: Row[];
}

interface Subject {
  name: string;
  title: string;
  target: Target;
  floor: FloorName | null;
}

const FLOOR_TITLES: Record<FloorName, string> = {
  'dynamic-worker': 'floor: bare Worker -> Dynamic Worker',
  facet: 'floor: bare Worker -> Durable Object -> facet',
  'key-check': 'floor: bare Worker with a key check',
  'cold-worker': 'floor: bare Worker that starts a Dynamic Worker',
};

/** Measures races beside their floors, round by round, so that other load on the machine affects all of them alike. */
export async function runRaces(
  bench: Bench,
  races: Race[],
  rounds: Rounds,
  say: (text: string) => void,
): Promise<Heat[]> {
  const subjects = await lineUp(bench, races);
  const heats: Heat[] = [];
  for (const connections of rounds.connections) {
    const figures = new Map(subjects.map(({ name }) => [name, [] as Figures[]]));
    for (let round = 0; round < rounds.rounds; round++) {
      say(`${connections} connections, round ${round + 1} of ${rounds.rounds}`);
      // Every other round runs backwards: the position in a round is then neither an advantage nor a disadvantage.
      for (const { name, target, floor } of round % 2 === 0 ? subjects : subjects.toReversed()) {
        const { warmupMs, measureMs } = rounds;
        figures.get(name)!.push(await measure(bench, { target, connections, warmupMs, measureMs }, floor !== null));
      }
    }
    heats.push({ connections, rows: subjects.map((subject) => toRow(subject, figures)) });
  }
  return heats;
}

/** Returns the subjects of a round: each floor before the races that are compared with it. */
async function lineUp({ served, portico }: Bench, races: Race[]): Promise<Subject[]> {
  const subjects: Subject[] = [];
  for (const { name, title, floor, setUp } of races) {
    const target = await setUp(portico);
    if (!subjects.some((subject) => subject.name === floor)) {
      const floorTarget = post(served.floors[floor], target.headers['x-api-key']!, target.status);
      subjects.push({ name: floor, title: FLOOR_TITLES[floor], target: floorTarget, floor: null });
    }
    subjects.push({ name, title, target, floor });
  }
  return subjects;
}

function toRow({ name, title, floor }: Subject, figures: Map<string, Figures[]>): Row {
  const own = figures.get(name)!;
  const kept = quieterHalf(own, ({ others }) => others);
  const of = (figure: (figures: Figures) => number): number => median(kept.map(figure));
  return {
    name,
    title,
    perSecond: of(({ perSecond }) => perSecond),
    p50: of(({ p50 }) => p50),
    p99: of(({ p99 }) => p99),
    cpuUs: known(of(({ cpuUs }) => cpuUs ?? NaN)),
    ratio: floor === null ? null : toRatio(own, figures.get(floor)!),
  };
}

function toRatio(own: Figures[], floor: Figures[]): NonNullable<Row['ratio']> {
  const pairs = own.map((figures, round) => ({ ours: figures, theirs: floor[round]! }));
  const kept = quieterHalf(pairs, ({ ours, theirs }) => ours.others + theirs.others);
  const of = (figure: (figures: Figures) => number): number =>
    median(kept.map(({ ours, theirs }) => figure(ours) / figure(theirs)));
  return {
    perSecond: of(({ perSecond }) => perSecond),
    p99: of(({ p99 }) => p99),
    cpu: known(of(({ cpuUs }) => cpuUs ?? NaN)),
  };
}

const known = (value: number): number | null => (Number.isNaN(value) ? null : value);
