import { resolve } from 'node:path';
import packageJson from '../package.json' with { type: 'json' };
import { columns, helpOf, parse, type Call, type Command } from './command.ts';
import { COMMANDS } from './commands.ts';
import { EXIT, Failure, type Exit } from './failure.ts';
import { openIo, printable } from './io.ts';
import { nearest } from './project/nearest.ts';

/** Runs the command that was typed. Resolves with its exit code. */
export async function main(argv: string[]): Promise<Exit> {
  const [name, ...rest] = argv;
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') return showHelp(rest[0]);
  if (name === '--version') return say(packageJson.version);
  const isJson = argv.includes('--json');
  try {
    return await runCommand(name, rest);
  } catch (error) {
    if (!(error instanceof Failure) && !isOfSystem(error)) throw error;
    const exit = error instanceof Failure ? error.exit : EXIT.failed;
    process.stderr.write(`${printable(error.message)}\n`);
    openIo(isJson, false).result({ error: error.message, exit });
    return exit;
  }
}

/** Returns true for what the system refuses, such as a file that is not there: the message names it, and a stack does not help. */
const isOfSystem = (error: unknown): error is Error => error instanceof Error && 'syscall' in error;

function say(text: string): Exit {
  process.stdout.write(`${text}\n`);
  return EXIT.done;
}

async function load(name: string): Promise<Command> {
  const entry = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (entry === undefined) {
    const near = nearest(name, Object.keys(COMMANDS));
    throw new Failure(
      `unknown command ${name}. ${near === null ? '' : `Did you mean ${near}? `}See portico --help.`,
      EXIT.usage,
    );
  }
  return entry.load();
}

async function showHelp(name: string | undefined): Promise<Exit> {
  if (name !== undefined && Object.hasOwn(COMMANDS, name)) return say(helpOf(name, await load(name)));
  const rows = Object.entries(COMMANDS).map(([command, { summary }]) => [command, summary]);
  return say(
    `portico: a folder of handlers and endpoints, compared with a service and pushed to it.\n\n` +
      `Usage: portico <command> [options]\n\n${columns(rows)}\n\nportico <command> --help has the options of each.`,
  );
}

async function runCommand(name: string, rest: string[]): Promise<Exit> {
  const command = await load(name);
  const { values, args } = parse(name, command, rest);
  if (values.help === true) return say(helpOf(name, command));
  const text = (option: string): string | undefined => {
    const value = values[option];
    return typeof value === 'string' ? value : undefined;
  };
  const call: Call = {
    args,
    folder: resolve(text('directory') ?? '.'),
    io: openIo(values.json === true, values.quiet === true),
    flag: (option) => values[option] === true,
    text,
    texts: (option) => (Array.isArray(values[option]) ? values[option] : []),
  };
  return command.run(call);
}
