import type { Generator } from '../load/generator.ts';
import type { Target } from '../load/types.ts';
import type { FloorName } from '../service/floors.ts';
import type { Portico } from '../service/portico.ts';
import type { Served } from '../service/serve.ts';

/** Minimum share of the floor's requests per second, and maximum multiple of the floor's p99, both at 16 connections. */
interface Goal {
  rate: number;
  p99: number | null;
}

/** A path of Portico, measured round by round beside a floor: a Worker that does only the unavoidable part. */
export interface Race {
  kind: 'race';
  name: string;
  title: string;
  floor: FloorName;
  /** null: measured for information. */
  goal: Goal | null;
  setUp: (portico: Portico) => Promise<Target>;
}

/** One line of a trial's results. `met` is null without a goal, or when only a time could be judged. */
export interface Finding {
  what: string;
  value: string;
  goal: string | null;
  met: boolean | null;
}

/** A scenario that is not a race: it drives the service itself. */
export interface Trial {
  kind: 'trial';
  name: string;
  title: string;
  run: (bench: Bench) => Promise<Finding[]>;
}

export type Scenario = Race | Trial;

export interface Bench {
  served: Served;
  portico: Portico;
  generator: Generator;
  quick: boolean;
}
