import type { Page, Request } from 'playwright-core';
import { expect, test } from 'vitest';
import { evaluate } from './support/axe.ts';
import { inBrowser } from './support/browse.ts';
import { screensOf } from './support/screens.ts';

const MAX_REQUESTS = 3;
/** Read once when the console opens, whichever screen is first. */
const SESSION = 'GET /admin/session';
/** A stream of events has no end. */
const ENDLESS = 'text/event-stream';
/** After two frames and an idle moment, what was drawn has begun what it reads. */
const IS_BUSY = `new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => requestIdleCallback(() =>
  done(document.querySelector('[aria-busy=true]') !== null)))))`;

/** Counts the requests of a page from now on. */
function countRequests(page: Page) {
  let asked: string[] = [];
  const open = new Set<Request>();
  page.on('request', (request) => {
    if (request.headers()['accept'] !== ENDLESS) open.add(request);
    const { pathname, search } = new URL(request.url());
    const line = `${request.method()} ${pathname}${search} ${request.postData() ?? ''}`.trim();
    if (pathname.startsWith('/admin/') && line !== SESSION) asked.push(line);
  });
  page.on('requestfinished', (request) => open.delete(request));
  page.on('requestfailed', (request) => open.delete(request));
  return {
    /** Leaves the document: nothing of it is at work or cached after that. */
    begin: async () => {
      await page.goto('about:blank');
      asked = [];
      open.clear();
    },
    /** Stays in the document, in which nothing is at work, a minute later: nothing that may change is fresh after that. */
    beginLater: async () => {
      await evaluate(page, '{ const { now } = Date; Date.now = () => now() + 60_000 }');
      asked = [];
    },
    isSettled: async () => !(await evaluate(page, IS_BUSY)) && open.size === 0,
    /** Requests to the admin API since `begin`. */
    asked: () => asked,
  };
}

/** The first part of an address: `/endpoints`. */
const nounOf = (path: string): string => /^\/[a-z-]*/.exec(path)![0];
/** An address without its query. */
const pathOf = (path: string): string => path.split('?')[0]!;
/** False for an address that names nothing. */
const hasData = (path: string): boolean => !/no-such|0{20}/.test(path);

inBrowser('the requests of a screen', (stage, open) => {
  const screens = Map.groupBy(screensOf(stage).filter(hasData), nounOf);

  test.each([...screens])('are at most three until all of it is shown: %s', async (_noun, paths) => {
    const { page, load, visit } = await open('admin');
    const { begin, beginLater, isSettled, asked } = countRequests(page);
    const isWithinLimit = async (path: string): Promise<void> => {
      await expect.poll(isSettled).toBe(true);
      expect(asked().length, `${path} makes\n${asked().join('\n')}\n`).toBeLessThanOrEqual(MAX_REQUESTS);
    };
    for (const [first, ...tabs] of Map.groupBy(paths, pathOf).values()) {
      await begin();
      await load(first!);
      await isWithinLimit(first!);
      // Its other tabs do not need the work of a new document.
      for (const tab of tabs) {
        await beginLater();
        await visit(tab);
        await isWithinLimit(tab);
      }
    }
  });

  test('are at most three in an editor with the check of its source, and with a draft', async () => {
    const { page, load } = await open('admin');
    const { begin, asked } = countRequests(page);
    const path = `/handlers/${stage.draftedId}`;
    await load(path);
    await page.getByRole('textbox', { name: 'Source of pricing/drafted.ts' }).click();
    await page.keyboard.type('// a draft');
    await expect.poll(asked).toContainEqual(expect.stringContaining(`PUT /admin/drafts/handler/${stage.draftedId}`));
    await begin();
    await load(path);
    await page.getByText('// a draft').waitFor();
    await expect.poll(asked).toContainEqual(expect.stringContaining('POST /admin/handlers/check'));
    expect(asked().length, asked().join('\n')).toBeLessThanOrEqual(MAX_REQUESTS);
    await page.getByRole('button', { name: 'Discard' }).click();
    await page.getByText('Discarded the draft.').waitFor();
  });

  test('fail one by one: the others are shown, and the failed one is read again', async () => {
    const { page, load, takeErrors } = await open('admin');
    await page.route('**/admin/batch', async (route) => {
      const { paths } = route.request().postDataJSON() as { paths: string[] };
      const others = paths.filter((path) => !path.startsWith('/admin/alerts'));
      await route.continue({ postData: JSON.stringify({ paths: others }) });
    });
    // Without an answer in its batch, a read is sent again alone.
    const refusal = { status: 409, code: 'table_changed', detail: 'No alert can be read.' };
    await page.route('**/admin/alerts?*', (route) => route.fulfill({ status: 409, json: refusal }));
    await load('/');
    const attention = page.getByRole('region', { name: 'Needs attention' });
    await attention.getByText('No alert can be read.').waitFor();
    await page.getByRole('region', { name: 'Calls of 24 hours' }).getByText('95 % within').waitFor();
    await page.getByRole('region', { name: 'Last changes' }).getByRole('link').first().waitFor();
    await page.unrouteAll();
    await attention.getByRole('button', { name: 'Try again' }).click();
    await attention.getByText('No alert can be read.').waitFor({ state: 'detached' });
    expect(takeErrors()).toEqual([]);
  });
});
