import type { Target } from '../load/types.ts';
import type { Clocked } from '../measure.ts';
import { GOAL_CONNECTIONS } from '../options.ts';
import { reasonOf, type Failure } from '../report/failure.ts';
import type { FloorName } from '../service/floors.ts';
import type { Bench, Race } from './scenario.ts';

/** One row: what is called, and the name of the row of its floor; null for a floor itself. */
export interface Subject {
  name: string;
  title: string;
  target: Target;
  floor: string | null;
  connections: number | null;
  served: Clocked;
}

const FLOOR_TITLES: Record<FloorName, string> = {
  'dynamic-worker': 'floor: bare Worker -> Dynamic Worker',
  echo: 'floor: bare Worker -> Dynamic Worker',
  facet: 'floor: bare Worker -> Durable Object -> facet',
  refusal: 'floor: bare Worker with a key check, same headers',
  'cold-worker': 'floor: bare Worker that starts a Dynamic Worker',
};

interface LineUp {
  subjects: Subject[];
  /** Races that could not be set up. */
  failures: Failure[];
}

/** Publishes what the races call. Returns the subjects of a round: each floor before the races that are compared with it. */
export async function lineUp(bench: Pick<Bench, 'served' | 'portico'>, races: Race[]): Promise<LineUp> {
  const subjects: Subject[] = [];
  const failures: Failure[] = [];
  for (const race of races) {
    try {
      subjects.push(...(await subjectsOf(bench, race, new Set(subjects.map(({ name }) => name)))));
    } catch (error) {
      failures.push({ title: race.title, reason: reasonOf(error) });
    }
  }
  return { subjects, failures };
}

/** Sets up one race. Returns its subjects, and its floor unless it is among the `known` ones. */
async function subjectsOf(
  { served, portico }: Pick<Bench, 'served' | 'portico'>,
  { name, title, floor, connections, dispatchOnly, setUp }: Race,
  known: ReadonlySet<string>,
): Promise<Subject[]> {
  const subjects: Subject[] = [];
  const target = await setUp(portico);
  const floorTarget = { ...target, url: served.floors[floor] };
  const size = target.body!.length;
  const floorName = floor === 'echo' ? `${floor}-${size}` : floor;
  if (!known.has(floorName)) {
    await assertSameAnswer(target, floorTarget);
    const suffix = floor === 'echo' ? `, ${title.slice(title.indexOf(':') + 2)}` : '';
    subjects.push({
      name: floorName,
      title: FLOOR_TITLES[floor] + suffix,
      target: floorTarget,
      floor: null,
      connections,
      served,
    });
  }
  subjects.push({ name, title, target, floor: floorName, connections, served });
  if (dispatchOnly && served.dispatchOnly !== null) {
    const { pathname } = new URL(target.url);
    const own = { ...target, url: served.dispatchOnly + pathname };
    subjects.push({
      name: dispatchOnlyName(name),
      title: `  the same, dispatch only`,
      target: own,
      floor: floorName,
      connections: GOAL_CONNECTIONS,
      served,
    });
  }
  return subjects;
}

export const dispatchOnlyName = (name: string): string => `${name}, dispatch only`;

/** Throws when a floor answers less than Portico does: a body of another length, or for a refusal other headers. */
async function assertSameAnswer(ours: Target, floor: Target): Promise<void> {
  const [own, bare] = [await read(ours), await read(floor)];
  if (own.length !== bare.length)
    throw new Error(`${floor.url} answered ${bare.length} characters, Portico ${own.length}`);
  if (ours.status !== 200 && own.headers !== bare.headers)
    throw new Error(`${floor.url} answered the headers ${bare.headers}, Portico ${own.headers}`);
}

async function read({ url, method, headers, body }: Target): Promise<{ length: number; headers: string }> {
  const response = await fetch(url, { method, headers, body: body ?? null });
  const text = await response.text();
  return { length: text.length, headers: [...response.headers.keys()].join(', ') };
}
