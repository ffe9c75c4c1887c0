const FIRST_MS = 3000;
/** The expressions of `[triggers]` in wrangler.toml with their intervals: wrangler's development server fires no cron by itself. */
export const CRONS: readonly (readonly [cron: string, everyMs: number])[] = [
  ['* * * * *', 60_000],
  ['*/5 * * * *', 300_000],
];

/** Fires the crons of the Worker soon after the start and then at their intervals, until `stopped`. */
export function startCron(origin: string, say: (text: string) => void, stopped: AbortSignal): void {
  for (const [cron, everyMs] of CRONS) {
    const fire = (): void =>
      void fireCron(origin, cron).catch((error: unknown) => stopped.aborted || say(String(error)));
    const first = setTimeout(fire, FIRST_MS).unref();
    const timer = setInterval(fire, everyMs).unref();
    stopped.addEventListener('abort', () => [first, timer].forEach(clearTimeout));
  }
}

async function fireCron(origin: string, cron: string): Promise<void> {
  const response = await fetch(`${origin}/cdn-cgi/local/scheduled?cron=${encodeURIComponent(cron)}`);
  const outcome = await response.text();
  if (outcome !== 'ok') throw new Error(`The cron failed: ${response.status} ${outcome}`);
}

/** Returns true for a line about a request of `npm start` itself, or about a successful cron event: one every five minutes. */
export const isOwnNoise = (line: string): boolean =>
  /^\[wrangler:info\] (GET|POST) \/cdn-cgi\//.test(line) || line.startsWith('{"level":"info","event":"retention.done"');
