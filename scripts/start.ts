/**
 * `npm start`: a complete local Portico. Creates missing secrets, migrates the database, starts wrangler's development server, and on the
 * first start creates the user `admin` and publishes the examples, all through the admin API. While it runs, it fires the cron and watches
 * the memory. None of it is part of a deploy.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { buildConsole } from './build-console.ts';
import { isOwnNoise, startCron } from './start/cron.ts';
import { readExamples } from './start/examples.ts';
import { provision } from './start/provision.ts';
import { watchLauncher } from './start/launcher.ts';
import { watchMemory } from './start/memory.ts';
import { applyMigrations } from './start/migrations.ts';
import { readOptions, USAGE, type StartOptions } from './start/options.ts';
import { expectFreePort } from './start/ports.ts';
import { ensureSecrets } from './start/secrets.ts';
import { startService } from './start/service.ts';
import { lockState, type StateLock } from './start/state-lock.ts';
import { summarize } from './start/summary.ts';

/** Milliseconds to wait for the log line of a request. */
const LINE_MS = 2000;

/** The user that `npm start` creates. */
const ADMIN = 'admin';

const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** Locks the state folder for as long as the start runs. Resolves with the exit code. */
async function start(options: StartOptions): Promise<number> {
  const lock = await lockState(options);
  try {
    await expectFreePort(options.port);
    return await serve(options, lock);
  } finally {
    lock.release();
  }
}

async function serve(options: StartOptions, lock: StateLock): Promise<number> {
  const { values, made } = ensureSecrets(options.vars);
  if (made.length > 0) say(`Created ${made.join(', ')} in ${options.vars}.`);
  // Before wrangler reads the list of assets. Its own build then finds nothing to do.
  await buildConsole(say);
  applyMigrations(options.persistTo);
  say('Starting …');
  let isQuiet = true;
  const last = Promise.withResolvers<void>();
  // Hide requests that the start itself makes.
  const show = (line: string): void => {
    if (isQuiet && line.startsWith('[wrangler:info] HEAD /health ')) last.resolve();
    if (!isOwnNoise(line) && !(isQuiet && line.startsWith('[wrangler:info]'))) say(line);
  };
  const service = await startService(options, show, lock.noteGroup);
  const provisioned = await provision(service.origin, values, options.notes);
  const signInCode = options.once ? null : await service.signInCode(ADMIN);
  // Lines come in the order of their requests, so the line of this one is the last of the start.
  await fetch(`${service.origin}/health`, { method: 'HEAD' });
  await Promise.race([last.promise, sleep(LINE_MS, undefined, { ref: false })]);
  isQuiet = false;
  say(summarize(service.origin, options.vars, readExamples(), { ...provisioned, signInCode }));
  if (options.once) {
    await service.stop();
    return provisioned.answer?.status === 200 ? 0 : 1;
  }
  say('Press Ctrl-C to stop. Requests and log lines follow.\n');
  const stopping = new AbortController();
  startCron(service.origin, say, stopping.signal);
  void watchMemory(service, options.maxMemory, say, stopping.signal);
  const code = await Promise.race([service.ended.then(() => 1), untilAsked().then(() => 0)]);
  stopping.abort();
  say(code === 0 ? '\nStopping …' : '\nThe service has ended.');
  await service.stop();
  return code;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
// Before everything is up there is nothing to end in order; started processes are signaled on exit.
let end = (): void => process.exit(130);
for (const signal of SIGNALS) process.on(signal, () => end());
watchLauncher(() => end());
// The reader of the output, which started this process, is gone.
process.stdout.on('error', () => end());

/** Resolves at Ctrl-C, at a kill, or when the terminal or npm has ended. */
const untilAsked = (): Promise<void> => new Promise((resolve) => (end = resolve));

try {
  const options = readOptions(process.argv.slice(2));
  if (options === null) say(USAGE);
  process.exitCode = options === null ? 0 : await start(options);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
