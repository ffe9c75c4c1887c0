import { IDS, type References } from './reference';

export const runReferences: References = {
  listRuns: {
    description:
      'All filters apply together. `endpoint` is the id or the path of an endpoint, `caller` the id of a key, token or user. `since` is included, `until` is not. `q` finds text in the record. A run appears within a second of its call. A page that ends early, at `searchedTo`, continues with `nextCursor`.',
    query: { endpoint: IDS.endpoint, outcome: 'success', limit: '1' },
  },
  getRunStats: {
    description:
      'Calls by outcome, and percentiles of their durations, in steps of a minute, an hour or a day (UTC), at most 1,500 of them. Each call is counted once, also when its record is deleted. Minutes last as long as the runs, hours and days as long as `RUN_STATS_DAYS`.',
    query: { since: '2026-11-25T00:00:00Z', step: 'day', by: 'endpoint', endpoint: 'quote' },
  },
  tailRuns: {
    description:
      'One event `run` for each run, with the fields of the list. `Last-Event-ID` continues after an event: a client gets up to 50 batches of today and yesterday that it has missed. The stream ends after five minutes, and clients connect again; one person or token has five streams at most, then 429 `rate_limited`.',
    query: { outcome: 'not_success' },
  },
  exportRuns: {
    description:
      'The entries that match the filters of `GET /admin/runs`, as a stream: `format` is `ndjson` or `csv`. A file that would have more than 50,000 runs breaks off: filter for a shorter time.',
    query: { endpoint: IDS.endpoint, outcome: 'timeout', format: 'csv' },
  },
  changeRuns: {
    description:
      'For admins. Deletes each record as `DELETE /admin/runs/:id` does; a refused one does not stop the others. A dry run with a `filter` of the list is the plan of all that match: send its ids, 50 at a time.',
    body: { ids: [IDS.run], change: { do: 'delete' }, dryRun: true },
  },
  getRun: {
    description:
      'Request, response, logs, error with stack, steps of a workflow and requests that the handler sent. Keys, tokens, listed secrets and parameters marked `sensitive` are redacted before it is stored. `x-run-id` of a response names its run.',
    params: { id: IDS.run },
  },
  deleteRun: {
    description:
      'For admins. Deletes the record; the audit trail keeps who deleted it, its endpoint, its start and its status. A run whose call has not ended is 409 `in_use`.',
    params: { id: IDS.run },
  },
};
