/** `npm run deploy [-- --env NAME] [--secrets-file FILE] [--dry-run]`: deploys an environment to Cloudflare, with names of its own for every resource. */
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { readWranglerToml, writeConfig } from './deploy/config-file.ts';
import { toEnvironment } from './deploy/config.ts';

const { values } = parseArgs({
  options: {
    env: { type: 'string' },
    'secrets-file': { type: 'string' },
    'dry-run': { type: 'boolean', default: false },
  },
});
const raw = readWranglerToml();
const file = writeConfig(raw, toEnvironment(raw, values.env ?? null));
const secrets = values['secrets-file'] ? ['--secrets-file', values['secrets-file']] : [];
const dryRun = values['dry-run'] ? ['--dry-run'] : [];
await import('./build.ts');
process.exitCode =
  spawnSync('wrangler', ['deploy', '--config', file, ...secrets, ...dryRun], { stdio: 'inherit' }).status ?? 1;
