import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject } from 'vitest';
import type { Stage } from './setup.ts';

/** One screen of a browser of its own: nobody else's cookies, and no error or violation of the policy goes unseen. */
export interface Screen {
  page: Page;
  context: BrowserContext;
  /** What the console wrote as an error, and what the policy refused, since the last call. */
  takeErrors: () => string[];
  /** Opens an address below /console, and waits for its heading. */
  visit: (path: string) => Promise<void>;
}

interface Wanted {
  /** Without it the browser is not signed in. */
  as?: 'admin' | 'vera';
  colorScheme?: 'light' | 'dark';
  width?: number;
}

/** The tests of a file that need a browser. Each opens screens of its own; all are closed at the end. */
export function inBrowser(
  name: string,
  tests: (stage: Stage, open: (wanted?: Wanted) => Promise<Screen>) => void,
): void {
  const stage = inject('stage');
  if (stage === null) {
    describe.skip(`${name} (no Chromium)`, () => tests(NOWHERE, () => Promise.reject(new Error('no Chromium'))));
    return;
  }
  describe(name, () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await chromium.connect(stage.browser);
    });
    afterAll(() => browser.close());
    tests(stage, (wanted) => openScreen(browser, stage, wanted));
  });
}

const NOWHERE: Stage = { origin: '', password: '', browser: '', quoteId: '', keyId: '' };

async function openScreen(browser: Browser, stage: Stage, wanted: Wanted = {}): Promise<Screen> {
  const { as, colorScheme = 'light', width = 1280 } = wanted;
  const context = await browser.newContext({ colorScheme, viewport: { width, height: 800 }, reducedMotion: 'reduce' });
  context.setDefaultTimeout(20_000);
  if (as !== undefined) await context.addCookies([await cookieOf(stage, as)]);
  const page = await context.newPage();
  let errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  // Status 401 and 404 of requests are written as errors too; what is asserted of them is on the screen.
  page.on('console', (line) => {
    if (line.type() === 'error' && !line.text().startsWith('Failed to load resource')) errors.push(line.text());
  });
  return {
    page,
    context,
    takeErrors: () => {
      const taken = errors;
      errors = [];
      return taken;
    },
    visit: async (path) => {
      await page.goto(`${stage.origin}/console${path}`);
      await page.getByRole('heading', { level: 1 }).waitFor();
    },
  };
}

const cookies = new Map<string, { name: string; value: string }>();

/** Signs in over HTTP, once for each user: a password costs 150 ms of CPU. */
async function cookieOf(stage: Stage, name: 'admin' | 'vera') {
  const { VIEWER_PASSWORD } = await import('./seed.ts');
  const known = cookies.get(name) ?? (await signIn(stage, name, name === 'admin' ? stage.password : VIEWER_PASSWORD));
  cookies.set(name, known);
  return { ...known, domain: new URL(stage.origin).hostname, path: '/', httpOnly: true, sameSite: 'Strict' as const };
}

/** Opens a session of its own, and returns its cookie. */
export async function signIn(stage: Pick<Stage, 'origin'>, name: string, password: string) {
  const response = await fetch(`${toAddress(stage.origin)}/admin/session/cookie`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name, password }),
  });
  expect(response.status).toBe(200);
  const [pair] = response.headers.get('set-cookie')!.split(';');
  const [cookie, value] = pair!.split('=') as [string, string];
  return { name: cookie, value };
}

/** Node does not resolve the names below localhost. */
export const toAddress = (origin: string): string => origin.replace('portico.localhost', '127.0.0.1');
