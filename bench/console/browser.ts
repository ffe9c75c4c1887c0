import { chromium, type CDPSession, type Page } from 'playwright-core';
import { findChromium, LAUNCH_ARGS, LAUNCH_MS } from '../../test/console/support/chromium.ts';
import { PAGE_SCRIPT } from './page-script.ts';

/** A page of the console with a session, and what is measured inside it. */
export interface Screen {
  page: Page;
  debug: CDPSession;
  /** Evaluates an expression in the page, where `bench` has the functions of PAGE_SCRIPT. */
  evaluate: <T>(expression: string) => Promise<T>;
  /** Reads the processor time of the main thread of the page in ms: other processes do not change it, unlike times on the clock. */
  cpuMs: () => Promise<number>;
}

export interface Browser {
  version: string;
  /** Opens a page with its own cache. `cookie`: `name=value` of a session. */
  open: (cookie: string | null) => Promise<Screen>;
  close: () => Promise<void>;
}

/** Starts the Chromium of this machine; null where there is none. */
export async function openBrowser(origin: string): Promise<Browser | null> {
  const executablePath = findChromium();
  if (executablePath === null) return null;
  const browser = await chromium.launch({ executablePath, args: LAUNCH_ARGS, timeout: LAUNCH_MS });
  return {
    version: browser.version(),
    open: async (cookie) => {
      const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
      if (cookie !== null) {
        const [name, value] = cookie.split('=') as [string, string];
        await context.addCookies([{ name, value, domain: new URL(origin).hostname, path: '/', httpOnly: true }]);
      }
      const page = await context.newPage();
      await page.addInitScript(PAGE_SCRIPT);
      const debug = await context.newCDPSession(page);
      await debug.send('Performance.enable', { timeDomain: 'threadTicks' });
      return {
        page,
        debug,
        evaluate: (expression) => evaluate(debug, expression),
        cpuMs: async () => {
          const { metrics } = await debug.send('Performance.getMetrics');
          return metrics.find(({ name }) => name === 'ThreadTime')!.value * 1000;
        },
      };
    },
    close: () => browser.close(),
  };
}

/** The policy of the page refuses every other way in. */
async function evaluate<T>(debug: CDPSession, expression: string): Promise<T> {
  const options = { expression, awaitPromise: true, returnByValue: true };
  const { result, exceptionDetails } = await debug.send('Runtime.evaluate', options);
  if (exceptionDetails !== undefined) throw new Error(result.description ?? exceptionDetails.text);
  return result.value as T;
}
