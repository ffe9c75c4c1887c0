import type { Generator } from '../load/generator.ts';
import type { Target } from '../load/types.ts';
import type { FloorName } from '../service/floors.ts';
import type { Portico } from '../service/portico.ts';
import type { Served } from '../service/serve.ts';

/** Bounds of ratios to the floor at 16 connections: least share of its requests per second, most multiples of its p99 and processor time. */
export interface Goal {
  rate?: number;
  p99?: number;
  cpu?: number;
}

/** A path of Portico, measured round by round beside a floor: a Worker that does only the unavoidable part. */
export interface Race {
  kind: 'race';
  name: string;
  title: string;
  floor: FloorName;
  /** null: measured for information. */
  goal: Goal | null;
  /** True when a quick run measures it. */
  quick: boolean;
  /** Measured once more by the build whose run log drops the records. */
  dispatchOnly: boolean;
  /** The only number of connections to measure at; null: all. */
  connections: number | null;
  setUp: (portico: Portico) => Promise<Target>;
}

/** One line of a trial's results. `met` is null without a goal. */
export interface Finding {
  what: string;
  value: string;
  goal: string | null;
  met: boolean | null;
}

/** A finding without a goal. */
export const fact = (what: string, value: string): Finding => ({ what, value, goal: null, met: null });

/** A scenario that is not a race: it drives the service itself. */
export interface Trial {
  kind: 'trial';
  name: string;
  title: string;
  /** Approximate seconds of a quick and of a full run; null: not part of a quick run. */
  seconds: { quick: number | null; full: number };
  run: (bench: Bench) => Promise<Finding[]>;
}

export type Scenario = Race | Trial;

export interface Bench {
  served: Served;
  portico: Portico;
  generator: Generator;
  quick: boolean;
}
