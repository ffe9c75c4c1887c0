import { setTimeout as sleep } from 'node:timers/promises';
import { quantile } from '../report/statistics.ts';
import type { Screen } from './browser.ts';
import type { Stage } from './stage.ts';

const ROWS = `document.querySelectorAll('main a[data-row]')`;
const FIRST = `${ROWS}[0]?.getAttribute('href')`;
const PAGES = 10;
const FRAMES = 120;
const FOLLOWED = 100;
const FOLLOW_MS = 50;

const ascending = (values: number[]): number[] => values.toSorted((a, b) => a - b);
export const p50 = (values: number[]): number => quantile(ascending(values), 0.5);
export const p95 = (values: number[]): number => quantile(ascending(values), 0.95);

/** Milliseconds in the history of runs, unless their name says otherwise. */
export interface HistoryTimes {
  /** From the overview to the first rows, with the chart. */
  open: number;
  rows: number;
  elements: number;
  older: number;
  /** Processor time of the page for one of these. */
  perPage: number;
  failed: number;
  group: number;
  brush: number;
  search: number;
  frames: number[];
}

/** Walks through the history of a day: pages, filters, groups, the brush of the chart. */
export async function timeHistory({ page, evaluate, cpuMs }: Screen, { origin }: Stage): Promise<HistoryTimes> {
  const isNew = `((first) => () => ${ROWS}.length > 0 && ${FIRST} !== first && !document.querySelector('main [aria-busy=true]'))(${FIRST})`;
  const press = (link: string): string => `bench.time(() => ${link}.click(), ${isNew})`;
  const linkOf = (pattern: string): string =>
    `[...document.querySelectorAll('main a')].find(({ textContent }) => /${pattern}/.test(textContent))`;
  await page.goto(`${origin}/console/`);
  await evaluate(
    `bench.until(() => document.querySelector('main h1') && !document.querySelector('main [aria-busy=true]'))`,
  );
  const { ms: open } = await evaluate<{ ms: number }>(`bench.go('/runs', () => ${ROWS}.length === 50)`);
  const rows = await evaluate<number>(`document.querySelectorAll('main table tr').length`);
  const elements = await evaluate<number>(`document.querySelectorAll('*').length`);
  const scroll = `bench.frames(${FRAMES}, (frame) => scrollTo(0, 60 * (frame % 30)))`;
  const frames = await evaluate<number[]>(scroll);
  const older: number[] = [];
  const before = await cpuMs();
  for (let at = 0; at < PAGES; at++) older.push(await evaluate<number>(press(linkOf('^Older runs'))));
  const perPage = ((await cpuMs()) - before) / PAGES;
  await evaluate(`bench.go('/')`);
  await evaluate(`bench.go('/runs', () => ${ROWS}.length === 50)`);
  const failed = await evaluate<number>(press(linkOf(' failed$')));
  const group = await evaluate<number>(press(linkOf(' × ')));
  await evaluate(`bench.go('/')`);
  await evaluate(`bench.go('/runs', () => ${ROWS}.length === 50)`);
  const brush = await drag({ page, evaluate }, isNew);
  await evaluate(`bench.go('/')`);
  const { ms: search } = await evaluate<{ ms: number }>(
    `bench.go('/runs?q=no-such-text', () => /searched back to|none older/.test(document.querySelector('main').innerText))`,
  );
  return { open, rows, elements, older: p50(older), perPage, failed, group, brush, search, frames };
}

/** Drags over the second half of the chart but for its last hours. Returns the milliseconds from its end to the rows of that time. */
async function drag({ page, evaluate }: Pick<Screen, 'page' | 'evaluate'>, isNew: string): Promise<number> {
  const box = (await page.locator('section[aria-label="Calls over time"] svg').boundingBox())!;
  const at = (share: number): [number, number] => [box.x + share * box.width, box.y + box.height / 2];
  await page.mouse.move(...at(0.5));
  await page.mouse.down();
  await page.mouse.move(...at(0.8));
  await evaluate(
    `void (bench.dragged = new Promise((resolve) => addEventListener('pointerup', (event) =>
      resolve(bench.until(${isNew}).then((at) => at - event.timeStamp)), { once: true, capture: true })))`,
  );
  await page.mouse.up();
  return evaluate<number>('bench.dragged');
}

export interface TailTimes {
  frames: number[];
  /** From the response of each call to the frame with its row. */
  lags: number[];
  /** Processor time of the page for each run. */
  perRun: number;
  rows: number;
}

/** Follows calls that come at a steady rate. */
export async function timeTail(
  { page, evaluate, cpuMs }: Screen,
  { origin, address, openPath }: Stage,
): Promise<TailTimes> {
  const followed = page.waitForResponse(/\/admin\/runs\/tail/);
  await page.goto(`${origin}/console/runs?live=1&endpoint=${openPath}`);
  await followed;
  await evaluate(`bench.until(() => ${ROWS}.length === 50)`);
  await evaluate(
    `bench.seen = {}; new MutationObserver(() => { for (const { href } of ${ROWS}) bench.seen[href.split('/').at(-1)] ??= Date.now(); })
      .observe(document.querySelector('main'), { subtree: true, childList: true })`,
  );
  const frames = evaluate<number[]>(`bench.frames(${Math.floor((FOLLOWED * FOLLOW_MS) / 17)})`);
  const before = await cpuMs();
  const called = new Map<string, number>();
  for (let call = 0; call < FOLLOWED; call++) {
    const response = await fetch(`${address}/u/${openPath}`, { method: 'POST' });
    called.set(response.headers.get('x-run-id')!, Date.now());
    await sleep(FOLLOW_MS);
  }
  const [...ids] = called.keys();
  await evaluate(`bench.until(() => ${JSON.stringify(ids)}.at(-1) in bench.seen)`);
  const perRun = ((await cpuMs()) - before) / FOLLOWED;
  const seen = await evaluate<Record<string, number>>('bench.seen');
  const lags = ids.filter((id) => id in seen).map((id) => seen[id]! - called.get(id)!);
  return {
    frames: await frames,
    lags,
    perRun,
    rows: await evaluate<number>(`document.querySelectorAll('main table tr').length`),
  };
}
