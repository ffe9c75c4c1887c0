import worker from '../../src/worker';

export * from '../../src/worker';

/** A queue that takes every message and keeps none: records are made as in a deploy, and cost nothing afterwards. */
const DROPPED = {
  send: async () => ({ metadata: { metrics: { backlogCount: 0, backlogBytes: 0 } } }),
  sendBatch: async () => ({ metadata: { metrics: { backlogCount: 0, backlogBytes: 0 } } }),
  metrics: async () => ({ backlogCount: 0, backlogBytes: 0 }),
} satisfies Queue;

let known: { env: Env; own: Env } | undefined;

/** Returns the bindings with a run log that drops. The same object for the same bindings: an isolate builds its parts once. */
function withoutRunLog(env: Env): Env {
  if (known?.env !== env) known = { env, own: { ...env, RUN_QUEUE: DROPPED } };
  return known.own;
}

/** The Worker as it deploys, except that its run log drops the records: what a call costs where the log's store is elsewhere. */
export default {
  ...worker,
  fetch: (request, env, execution) => worker.fetch(request, withoutRunLog(env), execution),
} satisfies ExportedHandler<Env, string>;
