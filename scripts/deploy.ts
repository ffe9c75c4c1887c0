/**
 * `npm run deploy [-- --env NAME]`: deploys an environment to Cloudflare. Creates its resources, secrets, tables and first admin where they
 * are missing, uploads what has changed, and checks the service at its address. Asked again after a failure, it goes on from there.
 */
import { askHidden } from './ask-hidden.ts';
import { deploy } from './deploy/deploy.ts';
import { readOptions, USAGE } from './deploy/options.ts';
import { reasonOf } from './deploy/reason.ts';
import { runWrangler } from './deploy/wrangler.ts';

const PATIENCE_MS = 180_000;

const say = (text: string): void => void process.stdout.write(`${text}\n`);

try {
  const { env } = process;
  const options = readOptions(process.argv.slice(2), env);
  const build = async (): Promise<void> => void (await import('./build.ts'));
  if (options === null) say(USAGE);
  else await deploy(options, { wrangler: runWrangler(env), build, say, ask: askHidden, env, patienceMs: PATIENCE_MS });
} catch (error) {
  process.stderr.write(`\n${reasonOf(error)}\n`);
  process.exitCode = 1;
}
