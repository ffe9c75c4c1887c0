import type { Screen } from './browser.ts';
import type { Filled } from './fill.ts';

const KEYS = 100;
const LETTERS = [...'abcdefghij', 'Space'];
const FRAMES = 90;

/** Opens runs with many steps, whose script is there. Returns the milliseconds until each is shown: why, steps and logs. */
export async function timeLongRuns({ evaluate }: Screen, { longRunIds }: Filled): Promise<number[]> {
  const isShown = `() => document.querySelectorAll('main details').length >= 50 && document.querySelector('[aria-label="Log lines"] li')`;
  const times: number[] = [];
  for (const id of longRunIds) {
    await evaluate(`bench.go('/account')`);
    times.push((await evaluate<{ ms: number }>(`bench.go('/runs/${id}', ${isShown})`)).ms);
  }
  // The first one loads the script.
  return times.slice(1);
}

/** Types into a long source. Returns the milliseconds until the editor is there, from each key to the frame after it, and of work for a key. */
export async function timeEditor({ page, evaluate, cpuMs }: Screen, { longHandlerId }: Filled) {
  const { ms: open } = await evaluate<{ ms: number }>(
    `bench.go('/handlers/${longHandlerId}', () => document.querySelector('.cm-content .cm-line'))`,
  );
  await page.locator('.cm-content').click({ position: { x: 200, y: 100 } });
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await evaluate('bench.keys.length = 0');
  const before = await cpuMs();
  for (let key = 0; key < KEYS; key++) {
    await page.keyboard.press(LETTERS[key % LETTERS.length]!);
    // As a fast typist: the next key comes 80 ms later.
    await evaluate(`bench.frames(5)`);
  }
  const perKey = ((await cpuMs()) - before) / KEYS;
  return { open, keys: await evaluate<number[]>('bench.keys'), perKey };
}

/** Opens a large graph, drags it, and moves a node with the keys of arrows. */
export async function timeGraph({ page, evaluate }: Screen, { graphId }: Filled) {
  const { ms: open } = await evaluate<{ ms: number }>(
    `bench.go('/graphs/${graphId}', () => document.querySelectorAll('.react-flow__node').length > 0)`,
  );
  const drawn = await evaluate<number>(`document.querySelectorAll('.react-flow__node').length`);
  const box = (await page.locator('.react-flow__pane').boundingBox())!;
  const frames = evaluate<number[]>(`bench.frames(${FRAMES})`);
  await page.mouse.move(box.x + 5, box.y + 5);
  await page.mouse.down();
  for (let step = 1; step <= FRAMES / 2; step++) await page.mouse.move(box.x + 5 + step * 4, box.y + 5 + step * 2);
  await page.mouse.up();
  const panned = await frames;
  await page.locator('.react-flow__node').first().focus();
  await evaluate('bench.keys.length = 0');
  for (let key = 0; key < 30; key++) {
    await page.keyboard.press('ArrowRight');
    await evaluate(`bench.frames(5)`);
  }
  return { open, drawn, frames: panned, keys: await evaluate<number[]>('bench.keys') };
}

/** Returns the heap of a page in MB, after a collection of garbage. */
export async function heapMb({ debug }: Screen): Promise<number> {
  await debug.send('HeapProfiler.collectGarbage');
  const { usedSize } = await debug.send('Runtime.getHeapUsage');
  return usedSize / 1_048_576;
}
