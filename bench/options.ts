import { parseArgs } from 'node:util';

/** Measurements of the races at one number of connections. */
export interface Heat {
  connections: number;
  rounds: number;
  warmupMs: number;
  measureMs: number;
}

export interface Options {
  quick: boolean;
  record: boolean;
  /** Names of the scenarios to run; empty: all, or those of a quick run. */
  only: string[];
  heats: Heat[];
}

/** The number of connections that goals are for. */
export const GOAL_CONNECTIONS = 16;

export const USAGE = `npm run bench -- [--quick] [--record] [--only pooled,shared] [--connections 1,16,64,256] [--rounds 9]

  --quick        the main rows in about two minutes, for a look while working; its figures are not worth keeping
  --record       write bench/RESULTS.md
  --only         scenarios by name (bench/scenarios/index.ts)
  --connections  connections at once
  --rounds       measurements of each row`;

/** A p99 needs at least 2 s: in a short cell, most work of the run log comes after the last response. */
const FULL = { warmupMs: 500, measureMs: 2000 };
const QUICK = { warmupMs: 200, measureMs: 600 };

/** Parses the command line. Throws for unknown options and for numbers that are not positive integers. */
export function readOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      quick: { type: 'boolean', default: false },
      record: { type: 'boolean', default: false },
      only: { type: 'string', default: '' },
      connections: { type: 'string' },
      rounds: { type: 'string' },
    },
  });
  const { quick, record } = values;
  const connections = parseNumbers('connections', values.connections ?? (quick ? '16' : '1,16,64,256'));
  const rounds = (at: number): number => {
    if (values.rounds !== undefined) return parseNumbers('rounds', values.rounds)[0]!;
    if (quick) return 3;
    return at === GOAL_CONNECTIONS ? 6 : 2;
  };
  return {
    quick,
    record,
    only: values.only.split(',').filter((name) => name !== ''),
    heats: connections.map((at) => ({ connections: at, rounds: rounds(at), ...(quick ? QUICK : FULL) })),
  };
}

function parseNumbers(name: string, text: string): number[] {
  const numbers = text.split(',').map(Number);
  const wrong = numbers.some((number) => !Number.isInteger(number) || number < 1);
  if (wrong) throw new Error(`--${name} must be positive integers, not ${JSON.stringify(text)}\n\n${USAGE}`);
  return numbers;
}
