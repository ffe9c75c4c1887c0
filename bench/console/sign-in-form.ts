import type { Browser } from './browser.ts';

/** Slow 4G, as Chrome's tools have it: bytes per second, and ms of latency. */
const SLOW_4G = { offline: false, latency: 150, downloadThroughput: 1_600_000 / 8, uploadThroughput: 750_000 / 8 };
const CPU_RATE = 4;

/** Returns the milliseconds until the form to sign in can be used, nothing cached: on this machine, and slowed down. */
export async function timeForm(browser: Browser, origin: string, isSlow: boolean): Promise<number> {
  const { page, debug, evaluate } = await browser.open(null);
  if (isSlow) {
    await debug.send('Network.enable');
    await debug.send('Network.emulateNetworkConditions', SLOW_4G);
    await debug.send('Emulation.setCPUThrottlingRate', { rate: CPU_RATE });
  }
  await page.goto(`${origin}/console/`, { waitUntil: 'commit' });
  // Times of a page count from the begin of its navigation.
  const ms = await evaluate<number>(`bench.until(() => document.querySelector('input[type=password]:not(:disabled)'))`);
  await page.context().close();
  return ms;
}
