import { parseArgs } from 'node:util';
import type { Rounds } from './race.ts';

export interface Options {
  quick: boolean;
  record: boolean;
  /** Names of the scenarios to run; empty: all. */
  only: string[];
  rounds: Rounds;
}

export const USAGE = `npm run bench -- [--quick] [--record] [--only pooled,shared] [--connections 1,16,64] [--rounds 5]

  --quick        a fraction of the time, for a look while working; its figures are not worth keeping
  --record       write bench/RESULTS.md
  --only         scenarios by name (bench/scenarios/index.ts)`;

/** Parses the command line. Throws for unknown options. */
export function readOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      quick: { type: 'boolean', default: false },
      record: { type: 'boolean', default: false },
      only: { type: 'string', default: '' },
      connections: { type: 'string', default: '1,16,64' },
      rounds: { type: 'string' },
    },
  });
  const { quick, record } = values;
  const times = quick ? { warmupMs: 300, measureMs: 700 } : { warmupMs: 700, measureMs: 1500 };
  return {
    quick,
    record,
    only: values.only.split(',').filter((name) => name !== ''),
    rounds: {
      ...times,
      rounds: Number(values.rounds ?? (quick ? 3 : 5)),
      connections: values.connections.split(',').map(Number),
    },
  };
}
