/**
 * `npm start`: a whole Portico on this machine. Makes the secrets that are missing, brings the database up to date, starts
 * `wrangler dev`, and on the first start makes the user `admin` and publishes the examples, all through the admin API. None of it is
 * part of a deploy.
 */
import { readExamples } from './start/examples.ts';
import { furnish } from './start/furnish.ts';
import { readOptions, USAGE, type StartOptions } from './start/options.ts';
import { ensureSecrets } from './start/secrets.ts';
import { applyMigrations, expectFreePort, startService } from './start/service.ts';
import { summarize } from './start/summary.ts';

const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** Answers the exit code. */
async function start(options: StartOptions): Promise<number> {
  await expectFreePort(options.port);
  const { values, made } = ensureSecrets(options.vars);
  if (made.length > 0) say(`Made ${made.join(', ')} in ${options.vars}.`);
  say('Bringing the local database up to date …');
  await applyMigrations(options);
  say('Starting …');
  let isQuiet = true;
  // The requests of the start itself are nobody's news.
  const service = await startService(options, (line) => (isQuiet && line.startsWith('[wrangler:info]')) || say(line));
  const furnished = await furnish(service.origin, values, options.notes);
  isQuiet = false;
  say(summarize(service.origin, options.vars, readExamples(), furnished));
  if (options.once) {
    await service.stop();
    return furnished.answer?.status === 200 ? 0 : 1;
  }
  say('Ctrl-C stops it. What follows are its requests and messages.\n');
  const asked = untilAsked();
  const code = await Promise.race([service.ended.then(() => 1), asked.then(() => 0)]);
  say(code === 0 ? '\nStopping …' : '\nwrangler dev has ended.');
  await service.stop();
  return code;
}

/** Resolves at Ctrl-C, a kill, or when the terminal is closed. */
const untilAsked = (): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of SIGNALS) process.removeAllListeners(signal).once(signal, () => resolve());
  });

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
// Before everything is up there is nothing to end in order; what was started is killed on exit.
for (const signal of SIGNALS) process.once(signal, () => process.exit(130));

try {
  const options = readOptions(process.argv.slice(2));
  if (options === null) say(USAGE);
  process.exitCode = options === null ? 0 : await start(options);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
