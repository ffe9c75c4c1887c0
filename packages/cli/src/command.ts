import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import { EXIT, Failure, type Exit } from './failure.ts';
import type { Io } from './io.ts';

export interface Option {
  type: 'boolean' | 'string';
  /** May be given several times. */
  multiple?: boolean;
  short?: string;
  /** Stands for the value in the help. */
  value?: string;
  help: string;
}

/** One run of a command: what was typed, and where. */
export interface Call {
  args: string[];
  /** Absolute. */
  folder: string;
  io: Io;
  flag: (name: string) => boolean;
  text: (name: string) => string | undefined;
  texts: (name: string) => string[];
}

export interface Command {
  /** Arguments, as in `[folder]`. */
  args?: string;
  /** Minimum and maximum number of arguments. */
  count?: readonly [number, number];
  /** Shown below the usage. */
  about: string;
  options?: Record<string, Option>;
  run: (call: Call) => Promise<Exit>;
}

export const COMMON: Record<string, Option> = {
  target: { type: 'string', short: 't', value: 'name', help: 'The service, by its name in portico.jsonc' },
  json: { type: 'boolean', help: 'One JSON object on standard output; text on standard error' },
  quiet: { type: 'boolean', short: 'q', help: 'No progress' },
  directory: { type: 'string', short: 'C', value: 'folder', help: 'Run as if started in this folder' },
  help: { type: 'boolean', short: 'h', help: 'Show this' },
};

/** Parses what was typed after the name of a command. Throws a Failure of usage. */
export function parse(name: string, command: Command, argv: string[]) {
  const all = { ...command.options, ...COMMON };
  try {
    const { values, positionals } = parseArgs({ args: argv, options: configOf(all), allowPositionals: true });
    const [min, max] = command.count ?? [0, 0];
    const isHelp = values.help === true;
    if (!isHelp && (positionals.length < min || positionals.length > max))
      throw new Failure(`expected ${usageOf(name, command)}`, EXIT.usage);
    return { values: values as Record<string, string | boolean | string[] | undefined>, args: positionals };
  } catch (error) {
    if (error instanceof Failure) throw error;
    // Node adds advice about arguments that begin with a dash, which no command has.
    const reason = (error as Error).message.split(/\. To specify|\n/)[0]!.replace(/\.$/, '');
    throw new Failure(`${reason}. See portico ${name} --help.`, EXIT.usage);
  }
}

const configOf = (options: Record<string, Option>): ParseArgsOptionsConfig =>
  Object.fromEntries(
    Object.entries(options).map(([name, { type, multiple, short }]) => [
      name,
      { type, ...(multiple && { multiple }), ...(short && { short }) },
    ]),
  );

const usageOf = (name: string, { args }: Command): string => `portico ${name}${args ? ` ${args}` : ''} [options]`;

export function helpOf(name: string, command: Command): string {
  const options = Object.entries({ ...command.options, ...COMMON }).map(([long, { short, value, help }]) => [
    `${short ? `-${short}, ` : '    '}--${long}${value ? ` <${value}>` : ''}`,
    help,
  ]);
  return `Usage: ${usageOf(name, command)}\n\n${command.about}\n\n${columns(options)}`;
}

/** Renders rows of two cells, the second ones aligned. */
export function columns(rows: readonly (readonly string[])[]): string {
  const width = Math.max(...rows.map(([first]) => first!.length));
  return rows.map(([first, second]) => `  ${first!.padEnd(width)}  ${second}`.trimEnd()).join('\n');
}
