import { IDS, type References } from './reference';

export const endpointReferences: References = {
  createEndpoint: {
    description:
      'Only `handler` is required: its path, or its path and a version. The defaults are safe: POST only, and no caller is admitted until `access` names keys or another level. [Every setting and parameter type](/docs/guides/endpoints)',
    body: {
      path: 'quote',
      title: 'Quote',
      handler: { path: 'pricing/quote.ts' },
      parameters: [{ name: 'amount', type: 'number', required: true, min: 0, test: 10 }],
    },
  },
  listEndpoints: {
    description:
      'All filters apply together. `path` is the whole path, `handler` the path of a handler, `key` the id of a key that the endpoint accepts, `q` a part of the path, the title or the path of the handler. `sort` puts `-` before its name for descending; a cursor belongs to its sort. By `calls` the 10,000 endpoints with the most calls of 24 hours are sorted; as these counts change, an endpoint may be on two pages or none.',
    query: { handler: 'pricing/quote.ts' },
  },
  getEndpoint: {
    description: 'All settings of an endpoint, defaults included. `ETag` has the revision.',
    params: { id: IDS.endpoint },
  },
  updateEndpoint: {
    description:
      'Send what changes. `access`, `limits`, `response` and `cors` merge one level deep; lists are replaced. A parameter whose `id` stays and whose `name` changes is renamed: callers may continue to use the old name, and `renamed` in the response has the effects. `operator`s may change `active` only. In force within `FRESHNESS_SECONDS` (5).',
    params: { id: IDS.endpoint },
    body: {
      access: { keys: [IDS.key] },
      rateLimit: { limit: 100, windowSeconds: 60, by: 'key' },
      schedules: [{ name: 'nightly', cron: '30 2 * * *', zone: 'Europe/Berlin', parameters: { amount: 25 } }],
    },
  },
  deleteEndpoint: {
    description: 'Its URL is 404 from then on. The handler, the keys and the runs stay.',
    params: { id: IDS.endpoint },
  },
  explainAccess: {
    description:
      'The checks of a call, in their order, for a user, a key, the holder of a token, or an anonymous caller. Nothing runs. Rate, quota, signature, parameters and middleware depend on the call itself: `unknown`, as are its address and method where you do not give them.',
    params: { id: IDS.endpoint },
    body: { as: { anonymous: true } },
  },
  changeEndpoints: {
    description:
      'Each is a change of its own, with its entry in the audit trail: a refused one does not stop the others, and the response says why. Operators may switch; the rest needs the right to write. `undo` of the response takes a change back. `dryRun` changes nothing; with `filter` in the place of `ids`, it returns the plan for all that match, at most 1,000, to be sent as ids.',
    body: { ids: [IDS.endpoint], change: { do: 'switch', active: true } },
  },
  testEndpoint: {
    description:
      "Runs the endpoint once with these inputs, or with the parameters' `test` values, and returns what a caller would get, with logs and steps. It is a run of kind `test`. Its writes, for example to tables, are permanent. [Test runs](/docs/guides/definitions)",
    params: { id: IDS.endpoint },
    body: { parameters: { amount: 25 } },
  },
  streamTest: {
    description:
      'Runs the endpoint as a test does. Each event `progress` has the log lines since the last one, and `steps` when one has changed; the event `result` at the end has the response of a test. Close the connection to stop the test: it is recorded as failed. [Test runs](/docs/guides/definitions)',
    params: { id: IDS.endpoint },
    body: { parameters: { amount: 25 } },
  },
  getAlert: {
    description: 'Whether it fires, since when, and what became of its messages. [Alerts](/docs/guides/alerts)',
    params: { id: IDS.endpoint },
  },
  testAlert: {
    description:
      'Sends a signed message of the type `endpoint.test`, and answers what became of it. Waits for at most 15 s.',
    params: { id: IDS.endpoint },
  },
  listIssuers: {
    description:
      'Issuers of `access.issuers`, such as Auth0 or Entra, over all endpoints. `GET /admin/endpoints?issuer=` lists the endpoints of one. [Issuers](/docs/guides/issuers)',
  },
  listAlerts: {
    description:
      'Those that fire first, then the newest endpoints; each with its last 20 attempts to deliver a message.',
  },
  listAllSchedules: {
    description: 'By their next time; those that are paused, or whose endpoint is not active, have none.',
  },
  listSchedules: {
    description:
      'The next five times of each schedule, none while the endpoint is not active, and the last one with its run. [Schedules](/docs/guides/schedules)',
    params: { id: IDS.endpoint },
  },
  runSchedule: {
    description:
      'Runs the endpoint as the schedule does, with its parameters, and answers when the run has ended. Its next time stays.',
    params: { id: IDS.endpoint, name: 'nightly' },
  },
};
