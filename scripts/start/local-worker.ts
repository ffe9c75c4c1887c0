import type { WorkflowEvent, WorkflowStep } from 'cloudflare:workers';
import { unavailable } from '../../src/kernel/errors';
import { newId } from '../../src/kernel/ids';
import type { GraphRunParams } from '../../src/platform/graph-runs';
import { toProblem } from '../../src/http/wire/errors';
import worker, { GraphRun as DeployedGraphRun } from '../../src/worker';
import type { Activity } from './activity.ts';

/*
 * The Worker as deployed, with an addition for a local service: it counts running work, so that `npm start` restarts it when it is idle, and
 * refuses requests while it waits for that.
 */

/* GraphRun below replaces the one of the Worker. */
export * from '../../src/worker';

/** Set by `npm start` at build time: requests without the token are handled as by any Portico. */
declare const LOCAL_CONTROL: { path: string; token: string };

let busy = 0;
let graphs = 0;
let endedAt = Date.now();
let isDraining = false;

async function count<T>(work: Promise<T>): Promise<T> {
  busy += 1;
  try {
    return await work;
  } finally {
    busy -= 1;
    endedAt = Date.now();
  }
}

/** Counts the work after a response as well: the run record is part of it. */
function countDeferred(execution: ExecutionContext): ExecutionContext {
  const waitUntil = execution.waitUntil.bind(execution);
  execution.waitUntil = (work) => waitUntil(count(Promise.resolve(work)));
  return execution;
}

const isControl = (request: Request): boolean =>
  request.headers.get('x-portico-control') === LOCAL_CONTROL.token &&
  new URL(request.url).pathname === LOCAL_CONTROL.path;

/** After a POST, requests are refused until the next GET or a restart. */
function answerControl(request: Request): Response {
  isDraining = request.method === 'POST';
  return Response.json({ busy, graphs, quietMs: Date.now() - endedAt } satisfies Activity);
}

const refuse = (): Response =>
  toProblem(unavailable('The local Portico restarts to free memory. Retry in 5 seconds.', 5), newId('req'));

export class GraphRun extends DeployedGraphRun {
  override async run(event: Readonly<WorkflowEvent<GraphRunParams>>, step: WorkflowStep): Promise<string> {
    graphs += 1;
    try {
      return await super.run(event, step);
    } finally {
      graphs -= 1;
      endedAt = Date.now();
    }
  }
}

export default {
  fetch: async (request, env, execution) => {
    if (isControl(request)) return answerControl(request);
    if (isDraining) return refuse();
    return count(Promise.resolve(worker.fetch(request, env, countDeferred(execution))));
  },
  queue: (batch, env) => count(Promise.resolve(worker.queue(batch, env))),
  scheduled: (controller, env) => count(Promise.resolve(worker.scheduled(controller, env))),
} satisfies ExportedHandler<Env, string>;
