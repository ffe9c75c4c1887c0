import { totalmem } from 'node:os';
import { parseArgs } from 'node:util';

/** Options of `npm start -- …`. Paths are relative to the folder of the project. */
export interface StartOptions {
  port: number;
  /** The folder with D1, KV, queues, R2 and Durable Objects. */
  persistTo: string;
  /** The file with the secrets. */
  vars: string;
  /** The file with the key of the examples. */
  notes: string;
  /** Bytes of memory above which the service is restarted when it is idle. */
  maxMemory: number;
  /** Start, publish, call, print, and stop again. */
  once: boolean;
}

const MB = 1_048_576;
/** A day of edits stays below 4 GB; a machine with little memory keeps half of it for other programs. */
const DEFAULT_MEMORY_MB = Math.min(3000, Math.floor(totalmem() / MB / 2));

const OPTIONS = {
  port: { type: 'string', default: '8787' },
  once: { type: 'boolean', default: false },
  'persist-to': { type: 'string', default: '.wrangler/state' },
  vars: { type: 'string', default: '.dev.vars' },
  notes: { type: 'string', default: '.portico/local.json' },
  'max-memory': { type: 'string', default: String(DEFAULT_MEMORY_MB) },
  help: { type: 'boolean', short: 'h', default: false },
} as const;
type OptionName = keyof typeof OPTIONS;
const NAMES = Object.keys(OPTIONS) as OptionName[];
/** Example values of options, for error messages. */
const SAMPLES: Partial<Record<OptionName, string>> = { port: '8788', 'max-memory': '2000' };

export const USAGE = `npm start -- [options]

  --port PORT        port on 127.0.0.1 (8787)
  --once             start, publish, call an example, print the summary, and stop
  --persist-to DIR   where the local databases are (.wrangler/state)
  --vars FILE        where the local secrets are (.dev.vars)
  --notes FILE       where the key of the examples is remembered (.portico/local.json)
  --max-memory MB    restart the service when it is idle and uses more than this (${DEFAULT_MEMORY_MB})
  --help             this text`;

/**
 * Parses the arguments; null when help was requested. Throws an Error with the correct usage. `env` has the options that npm kept as its
 * own, because the `--` before them was missing.
 */
export function readOptions(args: string[], env: NodeJS.ProcessEnv = process.env): StartOptions | null {
  const { values, positionals, tokens } = parseArgs({
    args,
    options: OPTIONS,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  expectPassedOn(env, positionals);
  for (const token of tokens) if (token.kind === 'option') expectKnown(token);
  if (positionals.length > 0) throw new Error(`"${positionals[0]}" is not an option. ${SEE_HELP}`);
  if (values.help === true) return null;
  const text = (name: OptionName): string => String(values[name]);
  return {
    port: whole('port', text('port'), 1, 65_535),
    persistTo: text('persist-to'),
    vars: text('vars'),
    notes: text('notes'),
    maxMemory: whole('max-memory', text('max-memory'), 100, 1_000_000) * MB,
    once: values.once === true,
  };
}

const SEE_HELP = 'npm start -- --help lists the options.';

interface OptionToken {
  rawName: string;
  name: string;
  value?: string | undefined;
  inlineValue?: boolean | undefined;
}

function expectKnown({ rawName, name, value = '', inlineValue = false }: OptionToken): void {
  const option = Object.hasOwn(OPTIONS, name) ? OPTIONS[name as OptionName] : undefined;
  if (option === undefined) throw new Error(`Unknown option ${rawName}. ${SEE_HELP}`);
  if (option.type === 'boolean' && inlineValue) throw new Error(`--${name} takes no value.`);
  // A following option is not the value.
  const isMissing = value === '' || (!inlineValue && value.startsWith('-'));
  if (option.type === 'string' && isMissing) throw new Error(`--${name} needs a value: ${sample(name)}`);
}

const sample = (name: string): string => `npm start -- --${name} ${SAMPLES[name as OptionName] ?? 'PATH'}`;

function whole(name: OptionName, text: string, min: number, max: number): number {
  const value = Number(text);
  if (/^[0-9]+$/.test(text) && value >= min && value <= max) return value;
  throw new Error(`--${name} must be a whole number from ${min} to ${max}, not "${text}": ${sample(name)}`);
}

/** `npm start --port 9000`: npm keeps the option as a setting of its own and passes on only the number. */
function expectPassedOn(env: NodeJS.ProcessEnv, positionals: string[]): void {
  if (env.npm_lifecycle_event !== 'start') return;
  const rest = [...positionals];
  const typed = NAMES.flatMap((name) => {
    const kept = env[`npm_config_${name.replaceAll('-', '_')}`];
    if (kept === undefined || name === 'help') return [];
    if (OPTIONS[name].type === 'boolean') return [`--${name}`];
    return [`--${name} ${kept === 'true' ? (rest.shift() ?? 'VALUE') : kept}`];
  });
  if (typed.length === 0) return;
  throw new Error(`npm kept ${typed.join(' ')} for itself. Put -- before it: npm start -- ${typed.join(' ')}`);
}
