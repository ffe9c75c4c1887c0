import type { WorkflowEvent, WorkflowStep } from 'cloudflare:workers';
import { openContext } from '../../src/context';
import type { Context } from '../../src/core/access/context';
import { makeSignInCode } from '../../src/core/identity/sessions/sign-in-with-cookie';
import { unavailable } from '../../src/kernel/errors';
import { newId } from '../../src/kernel/ids';
import type { GraphRunParams } from '../../src/platform/graph-runs';
import { toProblem } from '../../src/http/wire/errors';
import worker, { GraphRun as DeployedGraphRun } from '../../src/worker';
import type { Activity, SignInCode } from './activity.ts';

/*
 * The Worker as deployed, with two additions for a local service: it counts running work, so that `npm start` restarts it when it is idle,
 * and refuses requests while it waits for that; and it makes the code of the link with which `npm start` signs a browser in.
 */

/* GraphRun below replaces the one of the Worker. */
export * from '../../src/worker';

/** Set by `npm start` at build time: requests without the token are handled as by any Portico. */
declare const LOCAL_CONTROL: { prefix: string; token: string };

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

/** Answers a request of `npm start`; null for any other one. */
function answerControl(request: Request, env: Env, execution: ExecutionContext): Promise<Response> | Response | null {
  if (request.headers.get('x-portico-control') !== LOCAL_CONTROL.token) return null;
  const { pathname, searchParams } = new URL(request.url);
  if (pathname === `${LOCAL_CONTROL.prefix}/activity`) return reportActivity(request.method === 'POST');
  if (pathname !== `${LOCAL_CONTROL.prefix}/sign-in-code`) return null;
  return offerCode(openContext(request, env, execution), searchParams.get('name') ?? '');
}

/** With `drain`, requests are refused until the next one without it, or a restart. */
function reportActivity(drain: boolean): Response {
  isDraining = drain;
  return Response.json({ busy, graphs, quietMs: Date.now() - endedAt } satisfies Activity);
}

const offerCode = async (ctx: Context, name: string): Promise<Response> =>
  Response.json({ code: await makeSignInCode(ctx, name) } satisfies SignInCode);

const refuse = (): Response =>
  toProblem(unavailable('The local Portico restarts to free memory. Retry in 5 seconds.', 5), newId('req')).response;

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
    const answer = answerControl(request, env, execution);
    if (answer !== null) return answer;
    if (isDraining) return refuse();
    return count(Promise.resolve(worker.fetch(request, env, countDeferred(execution))));
  },
  scheduled: (controller, env, execution) =>
    count(Promise.resolve(worker.scheduled(controller, env, countDeferred(execution)))),
} satisfies ExportedHandler<Env>;
