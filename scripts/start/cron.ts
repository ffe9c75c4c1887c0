const FIRST_MS = 3000;
/** The value of `[triggers]` in wrangler.toml: wrangler's development server fires no cron by itself. */
export const CRON = '*/5 * * * *';
const EVERY_MS = 5 * 60_000;

/** Fires the cron of the Worker soon after the start and then every five minutes, until `stopped`. */
export function startCron(origin: string, say: (text: string) => void, stopped: AbortSignal): void {
  const fire = (): void => void fireCron(origin).catch((error: unknown) => stopped.aborted || say(String(error)));
  const first = setTimeout(fire, FIRST_MS).unref();
  const timer = setInterval(fire, EVERY_MS).unref();
  stopped.addEventListener('abort', () => [first, timer].forEach(clearTimeout));
}

async function fireCron(origin: string): Promise<void> {
  const response = await fetch(`${origin}/cdn-cgi/local/scheduled?cron=${encodeURIComponent(CRON)}`);
  const outcome = await response.text();
  if (outcome !== 'ok') throw new Error(`The cron failed: ${response.status} ${outcome}`);
}

/** Returns true for a line about a request of `npm start` itself, or about a successful cron event: one every five minutes. */
export const isOwnNoise = (line: string): boolean =>
  /^\[wrangler:info\] (GET|POST) \/cdn-cgi\//.test(line) || line.startsWith('{"level":"info","event":"retention.done"');
