import worker from '../../src/worker';

export * from '../../src/worker';

/** Objects of the run log that take every batch and keep none: records are made and packed as in a deploy, and cost nothing afterwards. */
const DROPPING = { getByName: () => ({ append: async () => 'stored' }) } as unknown as Env['RUN_DAY'];

let known: { env: Env; own: Env } | null = null;

/** Returns the bindings with a run log that drops. The same object for the same bindings: an isolate builds its parts once. */
function withoutRunLog(env: Env): Env {
  if (known?.env !== env) known = { env, own: { ...env, RUN_DAY: DROPPING } };
  return known.own;
}

/** The Worker as it deploys, except that its run log drops the records: what a call costs where the log's store is elsewhere. */
export default {
  ...worker,
  fetch: (request, env, execution) => worker.fetch(request, withoutRunLog(env), execution),
} satisfies ExportedHandler<Env>;
