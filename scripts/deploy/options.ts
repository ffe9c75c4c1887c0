import { parseArgs } from 'node:util';
import { REQUIRED_SECRETS } from './config.ts';

/** Options of `npm run deploy -- …`. */
export interface DeployOptions {
  /** Name of the environment; null: production. */
  env: string | null;
  /** Print the plan and change nothing. */
  dryRun: boolean;
  /** Deploy although the Worker or resources were not made from this folder of this machine. */
  adopt: boolean;
  /** Upload although nothing has changed. */
  force: boolean;
  /** Origin for the checks; null: the one of the routes or of workers.dev. */
  url: string | null;
  smoke: boolean;
  /** Secrets that get a new value. */
  rotate: string[];
}

const OPTIONS = {
  env: { type: 'string' },
  'dry-run': { type: 'boolean', default: false },
  adopt: { type: 'boolean', default: false },
  force: { type: 'boolean', default: false },
  url: { type: 'string' },
  'skip-smoke': { type: 'boolean', default: false },
  rotate: { type: 'string', multiple: true },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

export const USAGE = `npm run deploy -- [options]

  --env NAME       deploy the environment NAME, with names of its own for all resources (production)
  --dry-run        print the plan and change nothing
  --adopt          deploy a service that was deployed from another machine or folder
  --force          upload although nothing has changed
  --rotate SECRET  replace AUTH_SECRET, KEY_PEPPER or SECRETS_KEY; docs/operations.md lists what stops
  --url ORIGIN     where the service is reached, for the checks after the upload
  --skip-smoke     do not publish and call test functions after the upload
  --help           this text`;

/**
 * Parses the arguments; null when help was requested. Throws an Error with the correct usage. `env` has the options that npm kept as its
 * own because the `--` before them was missing: `npm run deploy --env staging` must not deploy production.
 */
export function readOptions(args: string[], env: NodeJS.ProcessEnv): DeployOptions | null {
  const kept = Object.keys(OPTIONS).find((name) => env[`npm_config_${name.replaceAll('-', '_')}`] !== undefined);
  if (kept !== undefined && kept !== 'help')
    throw new Error(`npm kept --${kept} for itself. Put -- before the options: npm run deploy -- --${kept} …`);
  const { values } = parseArgs({ args, options: OPTIONS });
  if (values.help) return null;
  return {
    env: values.env ?? null,
    dryRun: values['dry-run'],
    // Cloudflare's builds run on a new machine each time, for a Worker that they are connected to.
    adopt: values.adopt || env.WORKERS_CI === '1',
    force: values.force,
    url: values.url === undefined ? null : originOf(values.url),
    smoke: !values['skip-smoke'],
    rotate: (values.rotate ?? []).map(toSecret),
  };
}

function toSecret(name: string): string {
  if ((REQUIRED_SECRETS as readonly string[]).includes(name)) return name;
  throw new Error(`--rotate takes ${REQUIRED_SECRETS.join(', ')}, not "${name}".`);
}

function originOf(text: string): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol))
    throw new Error(`--url must be like https://api.example.com, not "${text}".`);
  return new URL(text).origin;
}
