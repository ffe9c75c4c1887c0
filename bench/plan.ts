import type { Options } from './options.ts';
import { SCENARIOS } from './scenarios/index.ts';
import type { Race, Trial } from './scenarios/scenario.ts';

export interface Plan {
  races: Race[];
  trials: Trial[];
  /** Estimate of the whole run. */
  minutes: number;
}

/** Seconds of the build and the start, and of the wait for the work after a load. */
const START_S = 20;
const SETTLE_S = 1.2;

/** Selects the scenarios of a run. Throws for an unknown name. */
export function planRun(options: Options): Plan {
  const { only, quick } = options;
  const names = SCENARIOS.map(({ name }) => name);
  const unknown = only.filter((name) => !names.includes(name));
  if (unknown.length > 0) throw new Error(`unknown scenario ${unknown.join(', ')}; use ${names.join(', ')}`);
  const inQuick = (one: Race | Trial): boolean => (one.kind === 'race' ? one.quick : one.seconds.quick !== null);
  const chosen = SCENARIOS.filter((one) => (only.length > 0 ? only.includes(one.name) : !quick || inQuick(one)));
  const races = chosen.filter((one) => one.kind === 'race');
  const trials = chosen.filter((one) => one.kind === 'trial');
  const trialSeconds = trials.map(({ seconds }) => (quick ? (seconds.quick ?? seconds.full / 4) : seconds.full));
  const seconds = START_S + raceSeconds(races, options) + trialSeconds.reduce((sum, own) => sum + own, 0);
  return { races, trials, minutes: seconds / 60 };
}

function raceSeconds(races: Race[], { heats }: Options): number {
  let seconds = 0;
  for (const { connections, rounds, warmupMs, measureMs } of heats) {
    const own = races.filter((race) => race.connections === null || race.connections === connections);
    const rows = own.length + own.filter(({ dispatchOnly }) => dispatchOnly).length;
    const floors = new Set(own.map(({ floor, name }) => (floor === 'echo' ? name : floor))).size;
    seconds += rounds * (((rows + floors) * (warmupMs + measureMs)) / 1000 + rows * SETTLE_S);
  }
  return seconds;
}
