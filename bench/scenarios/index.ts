import { coldCall } from './cold-call.ts';
import { firstRequest } from './first-request.ts';
import { history } from './history.ts';
import { honoApp } from './hono.ts';
import { manyEndpoints } from './many-endpoints.ts';
import { pooled } from './pooled.ts';
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
  requestForm,
  honoApp,
  shared,
  refused,
  coldCall,
  history,
  testRuns,
  workflows,
  python,
  firstRequest,
  manyEndpoints,
];
