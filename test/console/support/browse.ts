import type { BrowserContext, Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { evaluate } from './axe.ts';
import { VIEWER_PASSWORD } from './seed.ts';
import { house, type Stage } from './stage.ts';

/** A page of a browser, of which no error and no violation of the policy goes unseen. */
export interface Screen {
  page: Page;
  context: BrowserContext;
  /** Errors that the page wrote, and requests that the policy refused, since the last call. */
  takeErrors: () => string[];
  /** Opens an address below /console in a page without toasts, and waits for its heading. Goes as a link does where the console is open. */
  visit: (path: string) => Promise<void>;
  /** Loads an address below /console in a new document: only what the browser stores is kept. Five times the work of a visit. */
  load: (path: string) => Promise<void>;
}

type Named = 'admin' | 'vera';
type User = Named | 'nobody';
/** `as`: the page of that user, which all tests share, or one without a session. `second`: another page of the same user. */
type Open = (as: User, which?: 'shared' | 'second') => Promise<Screen>;

/** Declares tests that need a browser. A fresh page with its scripts costs a second of CPU, so that pages are kept: begin with a visit, or with a load. */
export function inBrowser(name: string, tests: (stage: Stage, open: Open) => void): void {
  if (house === null) {
    describe.skip(`${name} (no Chromium)`, () => tests(NOWHERE, () => Promise.reject(new Error('no Chromium'))));
    return;
  }
  const { stage } = house;
  describe(name, () => tests(stage, async (as, which = 'shared') => reset(await screenOf(stage, as, which), as)));
}

const NOWHERE: Stage = {
  origin: '',
  password: '',
  quoteId: '',
  sharedId: '',
  openId: '',
  keyId: '',
  veraId: '',
  handlerId: '',
  draftedId: '',
  filesId: '',
  tableId: '',
  workflowId: '',
  failedRunId: '',
  hostileRunId: '',
  graphId: '',
  operationId: '',
};
/** The heading of an address that is no screen. */
const NO_SCREEN = 'No such page';
/** Milliseconds to wait for a state. Only a failure takes that long. */
const PATIENCE_MS = 30_000;
const SIZE = { width: 1280, height: 800 };

// Kept from suite to suite.
const contexts = new Map<User, Promise<BrowserContext>>();
const screens = new Map<string, Promise<Screen>>();

function keep<K, V>(kept: Map<K, V>, key: K, make: () => V): V {
  const known = kept.get(key) ?? make();
  kept.set(key, known);
  return known;
}
const contextOf = (stage: Stage, as: User): Promise<BrowserContext> => keep(contexts, as, () => newContext(stage, as));
const screenOf = (stage: Stage, as: User, which: string): Promise<Screen> =>
  keep(screens, `${as} ${which}`, async () => openScreen(stage, await contextOf(stage, as)));

async function newContext(stage: Stage, as: User): Promise<BrowserContext> {
  const context = await house!.browser.newContext({ viewport: SIZE, reducedMotion: 'reduce' });
  context.setDefaultTimeout(PATIENCE_MS);
  if (as !== 'nobody') await useSession(context, stage, as);
  return context;
}

/** Puts a page into the state of a new one, except for its cookies; the page without a session loses these too. */
async function reset(screen: Screen, as: User): Promise<Screen> {
  const { page, context } = screen;
  // Chromium draws a page behind another one once a second.
  await page.bringToFront();
  await context.setOffline(false);
  await page.setViewportSize(SIZE);
  await page.emulateMedia({ colorScheme: 'light' });
  if (as === 'nobody') {
    await context.clearCookies();
    if (page.url() !== 'about:blank') await evaluate(page, 'localStorage.clear(), sessionStorage.clear()');
  }
  screen.takeErrors();
  return screen;
}

/** Waits in the page until its heading is one that `isThere` accepts: Playwright would look again after half a second. */
const UNTIL = `const until = (isThere) => new Promise((resolve, reject) => {
    const look = () => {
      if (!isThere(document.querySelector('h1')?.textContent)) return;
      observer.disconnect();
      clearTimeout(timer);
      resolve();
    };
    const observer = new MutationObserver(look);
    const timer = setTimeout(() => {
      observer.disconnect();
      reject(new Error('No heading at ' + location));
    }, ${PATIENCE_MS});
    observer.observe(document, { subtree: true, childList: true, characterData: true });
    look();
  });`;

/**
 * Goes to an address below /console as its links do. Returns false where the console is not open. An address that is no screen comes between:
 * nothing of the screen before may be taken for one of the next.
 */
const go = (path: string): string => `(async () => {
  if (document.querySelector('nav[aria-label=Console]') === null) return false;
  ${UNTIL}
  for (const button of document.querySelectorAll('[aria-label="Close this message"]')) button.click();
  // React Aria keeps an announcement for seconds, with the id of a label that is gone by then.
  for (const said of document.querySelectorAll('[data-live-announcer] [role=img]')) said.remove();
  document.activeElement?.blur();
  history.pushState(null, '', '/console/no-such-screen');
  await until((heading) => heading === ${JSON.stringify(NO_SCREEN)});
  history.pushState(null, '', ${JSON.stringify(`/console${path}`)});
  await until((heading) => heading !== undefined && heading !== ${JSON.stringify(NO_SCREEN)});
  return true;
})()`;

async function openScreen(stage: Stage, context: BrowserContext): Promise<Screen> {
  const page = await context.newPage();
  let errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  // Status 401 and 404 of requests are written as errors too; what is asserted of them is on the screen.
  page.on('console', (line) => {
    if (line.type() === 'error' && !line.text().startsWith('Failed to load resource')) errors.push(line.text());
  });
  const load = async (path: string): Promise<void> => {
    await page.goto(`${stage.origin}/console${path}`);
    await evaluate(
      page,
      `(async () => {
  ${UNTIL}
  await until((heading) => heading !== undefined);
})()`,
    );
  };
  return {
    page,
    context,
    takeErrors: () => errors.splice(0),
    load,
    visit: async (path) => {
      if (!(await evaluate<boolean>(page, go(path)))) await load(path);
    },
  };
}

/** Opens a session over HTTP, gives its cookie to a browser, and returns it as a header. */
export async function useSession(context: BrowserContext, stage: Stage, as: Named): Promise<string> {
  const response = await fetch(`${toAddress(stage.origin)}/admin/session/cookie`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: as, password: as === 'admin' ? stage.password : VIEWER_PASSWORD }),
  });
  expect(response.status).toBe(200);
  const [pair] = response.headers.get('set-cookie')!.split(';') as [string];
  const [name, value] = pair.split('=') as [string, string];
  const domain = new URL(stage.origin).hostname;
  await context.addCookies([{ name, value, domain, path: '/', httpOnly: true, sameSite: 'Strict' }]);
  return pair;
}

/** Node does not resolve the names below localhost. */
export const toAddress = (origin: string): string => origin.replace('portico.localhost', '127.0.0.1');
