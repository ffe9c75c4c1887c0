import { openBrowser, type Browser } from '../console/browser.ts';
import { timeEditor, timeGraph, timeLongRuns, heapMb } from '../console/editing.ts';
import { LINES, NODES, RUNS, STEPS } from '../console/fill.ts';
import { p50, p95, timeHistory, timeTail, type HistoryTimes } from '../console/history.ts';
import { visitRoutes, type Visit } from '../console/routes.ts';
import { timeForm } from '../console/sign-in-form.ts';
import { openStage, type Stage } from '../console/stage.ts';
import { median } from '../report/statistics.ts';
import { fact, type Finding, type Trial } from './scenario.ts';

const FORM_GOAL_MS = 2000;
const ROUTE_GOAL_MS = 100;
const KEY_GOAL_MS = 50;
const FRAME_GOAL_MS = 32;
const LONG_RUN_GOAL_MS = 200;
const MAX_ROWS = 60;
const MAX_REQUESTS = 3;
const TIMES = 5;

/** Measures the console in a real Chromium, at a service of its own as `npm start` serves it. */
export const consoleScreens: Trial = {
  kind: 'trial',
  name: 'console-screens',
  title: 'The console in a browser',
  seconds: { quick: null, full: 120 },
  run: async () => {
    const stage = await openStage();
    try {
      const browser = await openBrowser(stage.origin);
      if (browser === null) return [fact('not measured', 'no Chromium on this machine')];
      try {
        return [fact('Chromium', browser.version), ...(await measure(browser, stage))];
      } finally {
        await browser.close();
      }
    } finally {
      await stage.stop();
    }
  },
};

async function measure(browser: Browser, stage: Stage): Promise<Finding[]> {
  const form = async (isSlow: boolean): Promise<number> => {
    const times: number[] = [];
    for (let time = 0; time < TIMES; time++) times.push(await timeForm(browser, stage.origin, isSlow));
    return median(times);
  };
  const forms = [
    fact('form to sign in, nothing cached, median', toMs(await form(false))),
    atMost('the same on slow 4G with a quarter of the processor', await form(true), FORM_GOAL_MS),
  ];
  const screen = await browser.open(stage.cookie);
  const routes = await visitRoutes(screen, stage);
  const history = await timeHistory(screen, stage);
  const longRuns = await timeLongRuns(screen, stage);
  const editor = await timeEditor(screen, stage);
  const graph = await timeGraph(screen, stage);
  const heap = await heapMb(screen);
  const tail = await timeTail(screen, stage);
  return [
    ...forms,
    ...toRouteFindings(routes),
    ...toHistoryFindings(history),
    atMost(`run with ${STEPS} steps and 64 KiB of logs, median`, median(longRuns), LONG_RUN_GOAL_MS),
    fact(`source of ${LINES} lines, until it can be edited`, toMs(editor.open)),
    fact('key to frame in it, p50', toMs(p50(editor.keys))),
    atMost('key to frame in it, p95', p95(editor.keys), KEY_GOAL_MS),
    fact('processor time of the page for a key', toMs(editor.perKey)),
    fact(`graph of ${NODES} nodes, until it is drawn`, toMs(graph.open)),
    atMost('frame while it is dragged, p95', p95(graph.frames), FRAME_GOAL_MS),
    atMost('arrow key to frame, p95', p95(graph.keys), KEY_GOAL_MS),
    fact('heap of the page after all of these', `${heap.toFixed(1)} MB`),
    fact('call to its row while 20 calls a second are followed, p50', toMs(p50(tail.lags))),
    fact('the same, p95', toMs(p95(tail.lags))),
    fact('processor time of the page for a run', toMs(tail.perRun)),
    count('rows in the document while they are followed', tail.rows, MAX_ROWS),
    atMost('frame while they are followed, p95', p95(tail.frames), FRAME_GOAL_MS),
  ];
}

function toRouteFindings({ first, again }: { first: Visit[]; again: Visit[] }): Finding[] {
  const slowest = again.toSorted((a, b) => b.ms - a.ms)[0]!;
  const busiest = first.toSorted((a, b) => b.requests - a.requests)[0]!;
  const waited = median(first.map(({ slowest: request }) => request));
  return [
    fact(
      `${first.length} screens for the first time, median`,
      `${toMs(median(first.map(({ ms }) => ms)))}, of it one request ${toMs(waited)}`,
    ),
    atMost('screen that was open before, median', median(again.map(({ ms }) => ms)), ROUTE_GOAL_MS),
    fact(`slowest of them (${nameOf(slowest)})`, toMs(slowest.ms)),
    count(`requests to show a screen, at most (${nameOf(busiest)})`, busiest.requests, MAX_REQUESTS),
  ];
}

const nameOf = ({ path }: Visit): string => path.replace(/[a-z]+_\w+$/, ':id');

const toHistoryFindings = (times: HistoryTimes): Finding[] => [
  fact(`${RUNS.toLocaleString('en')} runs: first rows with the chart, from another screen`, toMs(times.open)),
  fact('older runs, median', toMs(times.older)),
  fact('processor time of the page for these', toMs(times.perPage)),
  fact('failed ones alone', toMs(times.failed)),
  fact('failures alike alone', toMs(times.group)),
  fact('drag over the chart, from its end to the rows', toMs(times.brush)),
  fact('text that no run has: until the first part is searched', toMs(times.search)),
  count('rows in the document', times.rows, MAX_ROWS),
  fact('elements in the document', String(times.elements)),
  atMost('frame while they are scrolled, p95', p95(times.frames), FRAME_GOAL_MS),
];

const toMs = (ms: number): string => `${ms.toFixed(0)} ms`;

const atMost = (what: string, ms: number, goalMs: number): Finding => ({
  what,
  value: toMs(ms),
  goal: `at most ${goalMs} ms`,
  met: ms <= goalMs,
});

const count = (what: string, found: number, most: number): Finding => ({
  what,
  value: String(found),
  goal: `at most ${most}`,
  met: found <= most,
});
