import { BODIES } from './bodies.ts';
import { coldCall } from './cold-call.ts';
import { consoleAssets } from './console-assets.ts';
import { consoleCalls } from './console-calls.ts';
import { consoleScreens } from './console-screens.ts';
import { growth } from './growth.ts';
import { history } from './history.ts';
import { honoApp } from './hono.ts';
import { isolateMemory } from './isolate-memory.ts';
import { runLog } from './run-log.ts';
import { newProcess } from './new-process.ts';
import { pooled, pooledUnlogged } from './pooled.ts';
import { project } from './project.ts';
import { python } from './python.ts';
import { refused } from './refused.ts';
import { requestForm } from './request-form.ts';
import type { Scenario } from './scenario.ts';
import { shared } from './shared.ts';
import { testRuns } from './test-runs.ts';
import { workflows } from './workflows.ts';

/** All scenarios, in this order. Races with the same floor are adjacent: a round measures them one after the other. */
export const SCENARIOS: Scenario[] = [
  pooled,
  pooledUnlogged,
  requestForm,
  honoApp,
  shared,
  refused,
  ...BODIES,
  coldCall,
  history,
  runLog,
  testRuns,
  workflows,
  newProcess,
  consoleAssets,
  consoleCalls,
  consoleScreens,
  project,
  python,
  isolateMemory,
  growth,
];
