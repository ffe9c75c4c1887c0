import { changeRuns } from '../../core/runs/change-runs';
import { ChangedRuns, ChangeRunsInput } from '../../core/runs/change-runs.schema';
import { deleteRun } from '../../core/runs/delete-run';
import { exportRuns } from '../../core/runs/export-runs';
import { getRun, listRuns } from '../../core/runs/get-run';
import { getRunStats } from '../../core/runs/get-run-stats';
import { ExportRunsQuery, ListRunsQuery, Run, RunPage, TailRunsQuery } from '../../core/runs/run.schema';
import { tailRuns } from '../../core/runs/tail-runs';
import { RunStats, RunStatsInput } from '../../core/runs/stats.schema';
import { IdParams, route } from '../wire/route';

const tag = 'Runs';

export const runRoutes = [
  route({
    id: 'listRuns',
    method: 'get',
    path: '/admin/runs',
    verb: listRuns,
    tag,
    summary: 'Run history, newest first',
    query: ListRunsQuery,
    answers: { 200: RunPage },
    args: ({ query }) => [query],
  }),
  route({
    id: 'getRunStats',
    method: 'get',
    path: '/admin/runs/stats',
    verb: getRunStats,
    tag,
    summary: 'Count calls over time, by endpoint or key',
    query: RunStatsInput,
    answers: { 200: RunStats },
    args: ({ query }) => [query],
  }),
  route({
    id: 'tailRuns',
    method: 'get',
    path: '/admin/runs/tail',
    verb: tailRuns,
    tag,
    summary: 'Follow runs as they are stored, as server-sent events',
    query: TailRunsQuery,
    files: ['text/event-stream'],
    answers: { 200: null },
    args: ({ query, lastEventId }) => [query, lastEventId],
  }),
  route({
    id: 'exportRuns',
    method: 'get',
    path: '/admin/runs/export',
    verb: exportRuns,
    tag,
    summary: 'Download the run history as an NDJSON or CSV file, newest first',
    query: ExportRunsQuery,
    files: ['application/x-ndjson', 'text/csv'],
    answers: { 200: null },
    args: ({ query }) => [query],
  }),
  route({
    id: 'changeRuns',
    method: 'post',
    path: '/admin/runs/bulk',
    verb: changeRuns,
    tag,
    summary: 'Delete the records of several runs',
    body: ChangeRunsInput,
    answers: { 200: ChangedRuns },
    notReplayable: true,
    args: ({ body }) => [body],
  }),
  route({
    id: 'getRun',
    method: 'get',
    path: '/admin/runs/:id',
    verb: getRun,
    tag,
    summary: 'Read the whole record of a run',
    params: IdParams,
    answers: { 200: Run },
    args: ({ params }) => [params.id],
  }),
  route({
    id: 'deleteRun',
    method: 'delete',
    path: '/admin/runs/:id',
    verb: deleteRun,
    tag,
    summary: 'Delete the record of a run',
    params: IdParams,
    answers: { 204: null },
    args: ({ params }) => [params.id],
  }),
] as const;
