import { parseArgs } from 'node:util';

/** What `npm start -- …` takes. Paths are relative to the folder of the project. */
export interface StartOptions {
  port: number;
  /** Where wrangler keeps D1, KV, queues and Durable Objects. */
  persistTo: string;
  /** The file with the secrets. */
  vars: string;
  /** The file that remembers the key of the examples. */
  notes: string;
  /** Start, publish, call, print, and stop again. */
  once: boolean;
}

export const USAGE = `npm start -- [options]

  --port PORT        port on 127.0.0.1 (8787)
  --once             start, publish, call an example, print the summary, and stop
  --persist-to DIR   where the local databases are (.wrangler/state)
  --vars FILE        where the local secrets are (.dev.vars)
  --notes FILE       where the key of the examples is remembered (.portico/local.json)
  --help             this text`;

/** Reads the arguments; null when help was asked for. Throws an Error with a readable message for anything unknown. */
export function readOptions(args: string[]): StartOptions | null {
  const { values } = parseArgs({
    args,
    options: {
      port: { type: 'string', default: '8787' },
      once: { type: 'boolean', default: false },
      'persist-to': { type: 'string', default: '.wrangler/state' },
      vars: { type: 'string', default: '.dev.vars' },
      notes: { type: 'string', default: '.portico/local.json' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return null;
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new Error(`--port must be a number from 1 to 65535, not ${values.port}`);
  return { port, persistTo: values['persist-to'], vars: values.vars, notes: values.notes, once: values.once };
}
