import type { BrowserContext, Page } from 'playwright-core';
import { afterEach, describe, expect } from 'vitest';
import { evaluate } from './axe.ts';
import { VIEWER_PASSWORD } from './seed.ts';
import { house, type Stage } from './stage.ts';

/** A page of a browser, of which no error and no violation of the policy goes unseen. */
export interface Screen {
  page: Page;
  context: BrowserContext;
  /** Errors that the page wrote, and requests that the policy refused, since the last call. */
  takeErrors: () => string[];
  /** Opens an address below /console, and waits for its heading. */
  visit: (path: string) => Promise<void>;
  /** Goes to an address below /console as a link of the console does, in a page that has it open: a fifth of the work of a visit. */
  follow: (path: string) => Promise<void>;
}

type User = 'admin' | 'vera';
/** `as`: the page of that user, which all tests share. `second`: another page of theirs. Without a user: a browser without cookies. */
type Open = (as?: User, which?: 'shared' | 'second') => Promise<Screen>;

/** Declares tests that need a browser. A fresh page with its scripts costs a second of CPU, so that pages are kept: begin with a visit. */
export function inBrowser(name: string, tests: (stage: Stage, open: Open) => void): void {
  if (house === null) {
    describe.skip(`${name} (no Chromium)`, () => tests(NOWHERE, () => Promise.reject(new Error('no Chromium'))));
    return;
  }
  const { stage } = house;
  describe(name, () => {
    const opened: (() => Promise<void>)[] = [];
    afterEach(async () => {
      await Promise.all(opened.splice(0).map((close) => close()));
    });
    tests(stage, async (as, which = 'shared') => {
      if (as !== undefined && which === 'shared') return reset(await sharedScreen(stage, as));
      const screen = await openScreen(stage, as === undefined ? await newContext(stage) : await contextOf(stage, as));
      opened.push(() => (as === undefined ? screen.context.close() : screen.page.close()));
      return screen;
    });
  });
}

/** The heading of an address that is no screen. */
const NO_SCREEN = 'No such page';

const NOWHERE: Stage = {
  origin: '',
  password: '',
  quoteId: '',
  sharedId: '',
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
const SIZE = { width: 1280, height: 800 };

// Kept from suite to suite.
const contexts = new Map<User, Promise<BrowserContext>>();
const screens = new Map<User, Promise<Screen>>();

function keep<K, V>(kept: Map<K, V>, key: K, make: () => V): V {
  const known = kept.get(key) ?? make();
  kept.set(key, known);
  return known;
}
const contextOf = (stage: Stage, as: User): Promise<BrowserContext> => keep(contexts, as, () => newContext(stage, as));
const sharedScreen = (stage: Stage, as: User): Promise<Screen> =>
  keep(screens, as, async () => openScreen(stage, await contextOf(stage, as)));

async function newContext(stage: Stage, as?: User): Promise<BrowserContext> {
  const context = await house!.browser.newContext({ viewport: SIZE, reducedMotion: 'reduce' });
  context.setDefaultTimeout(20_000);
  if (as !== undefined) await useSession(context, stage, as);
  return context;
}

/** Puts a page into the state of a new one, but for its cookies. */
async function reset(screen: Screen): Promise<Screen> {
  await screen.context.setOffline(false);
  await screen.page.setViewportSize(SIZE);
  await screen.page.emulateMedia({ colorScheme: 'light' });
  screen.takeErrors();
  return screen;
}

async function openScreen(stage: Stage, context: BrowserContext): Promise<Screen> {
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
    takeErrors: () => errors.splice(0),
    visit: async (path) => {
      await page.goto(`${stage.origin}/console${path}`);
      await page.getByRole('heading', { level: 1 }).waitFor();
    },
    follow: async (path) => {
      const push = (to: string) => evaluate(page, `history.pushState(null, '', ${JSON.stringify(`/console${to}`)})`);
      // Nothing of the screen before may be taken for one of the next.
      await push('/no-such-screen');
      await page.getByRole('heading', { name: NO_SCREEN, level: 1 }).waitFor();
      await push(path);
      await page.locator('h1', { hasNotText: NO_SCREEN }).waitFor();
    },
  };
}

/** Opens a session over HTTP, gives its cookie to a browser, and returns it as a header. */
export async function useSession(context: BrowserContext, stage: Stage, as: User): Promise<string> {
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
