import { changeEndpoints } from '../../core/publishing/endpoints/change-endpoints';
import { ChangedEndpoints, ChangeEndpointsInput } from '../../core/publishing/endpoints/change-endpoints.schema';
import * as z from 'zod';
import { getAlert, listAlerts, testAlert } from '../../core/gateway/alerts/get-alert';
import { AlertState, AlertTest, ListAlertsQuery, ListedAlert } from '../../core/publishing/endpoints/alert.schema';
import { listAllSchedules, listSchedules, runScheduleNow } from '../../core/gateway/schedules/get-schedules';
import { ListedSchedule, ListSchedulesQuery, ScheduleState } from '../../core/publishing/endpoints/schedule.schema';
import { createEndpoint } from '../../core/publishing/endpoints/create-endpoint';
import { deleteEndpoint } from '../../core/publishing/endpoints/delete-endpoint';
import {
  CreateEndpointInput,
  Endpoint,
  SavedEndpoint,
  UpdateEndpointInput,
} from '../../core/publishing/endpoints/endpoint.schema';
import { getEndpoint, listEndpoints } from '../../core/publishing/endpoints/get-endpoint';
import { ListEndpointsQuery } from '../../core/publishing/endpoints/list-endpoints.schema';
import { UsedIssuers } from '../../core/publishing/endpoints/issuer.schema';
import { listIssuers } from '../../core/publishing/endpoints/list-issuers';
import { explainAccess } from '../../core/gateway/test/explain-access';
import { ExplainAccessInput, ExplainedAccess } from '../../core/gateway/test/explain-access.schema';
import { streamTest } from '../../core/gateway/test/stream-test';
import { testEndpoint } from '../../core/gateway/test/test-endpoint';
import { TestEndpointInput, TestResult } from '../../core/gateway/test/test-endpoint.schema';
import { updateEndpoint } from '../../core/publishing/endpoints/update-endpoint';
import { toProblem } from '../wire/errors';
import { pageOf } from '../../kernel/page';
import { route } from '../wire/route';

const tag = 'Endpoints';
/** Longer than other ids: Instabase's callers choose theirs. */
const EndpointParams = z.strictObject({ id: z.string().min(1).max(128) });

export const endpointRoutes = [
  route({
    id: 'createEndpoint',
    method: 'post',
    path: '/admin/endpoints',
    verb: createEndpoint,
    tag,
    summary: 'Publish a handler at a URL',
    body: CreateEndpointInput,
    answers: { 201: SavedEndpoint },
    args: ({ body }) => [body],
  }),
  route({
    id: 'listEndpoints',
    method: 'get',
    path: '/admin/endpoints',
    verb: listEndpoints,
    tag,
    summary: 'List endpoints, newest first or sorted',
    query: ListEndpointsQuery,
    answers: { 200: pageOf(Endpoint) },
    args: ({ query }) => [query],
  }),
  route({
    id: 'getEndpoint',
    method: 'get',
    path: '/admin/endpoints/:id',
    verb: getEndpoint,
    tag,
    summary: 'Read an endpoint',
    params: EndpointParams,
    answers: { 200: Endpoint },
    args: ({ params }) => [params.id],
  }),
  route({
    id: 'updateEndpoint',
    method: 'patch',
    path: '/admin/endpoints/:id',
    verb: updateEndpoint,
    tag,
    summary: 'Change any subset of an endpoint',
    params: EndpointParams,
    body: UpdateEndpointInput,
    ifMatch: true,
    stored: (ctx, { id }) => getEndpoint(ctx, id),
    answers: { 200: SavedEndpoint },
    args: ({ params, body, ifMatch }) => [params.id, body, ifMatch],
  }),
  route({
    id: 'deleteEndpoint',
    method: 'delete',
    path: '/admin/endpoints/:id',
    verb: deleteEndpoint,
    tag,
    summary: 'Delete an endpoint',
    params: EndpointParams,
    ifMatch: true,
    answers: { 204: null },
    args: ({ params, ifMatch }) => [params.id, ifMatch],
  }),
  route({
    id: 'explainAccess',
    method: 'post',
    path: '/admin/endpoints/:id/explain',
    verb: explainAccess,
    tag,
    summary: 'Say whether a caller would be admitted, without a call',
    params: EndpointParams,
    body: ExplainAccessInput,
    answers: { 200: ExplainedAccess },
    notReplayable: true,
    args: ({ params, body }) => [params.id, body],
  }),
  route({
    id: 'testEndpoint',
    method: 'post',
    path: '/admin/endpoints/:id/test',
    verb: testEndpoint,
    tag,
    summary: 'Run an endpoint once, as a test',
    params: EndpointParams,
    body: TestEndpointInput,
    answers: { 200: TestResult },
    notReplayable: true,
    args: ({ params, body }) => [params.id, body, toProblem],
  }),
  route({
    id: 'streamTest',
    method: 'post',
    path: '/admin/endpoints/:id/test/stream',
    verb: streamTest,
    tag,
    summary: 'Run an endpoint once, and follow it as server-sent events',
    params: EndpointParams,
    body: TestEndpointInput,
    files: ['text/event-stream'],
    answers: { 200: null },
    notReplayable: true,
    args: ({ params, body }) => [params.id, body, toProblem],
  }),
  route({
    id: 'changeEndpoints',
    method: 'post',
    path: '/admin/endpoints/bulk',
    verb: changeEndpoints,
    tag,
    summary: 'Switch, move or delete several endpoints',
    body: ChangeEndpointsInput,
    answers: { 200: ChangedEndpoints },
    notReplayable: true,
    args: ({ body }) => [body],
  }),
  route({
    id: 'getAlert',
    method: 'get',
    path: '/admin/endpoints/:id/alert',
    verb: getAlert,
    tag,
    summary: 'Read the state of the alert of an endpoint',
    params: EndpointParams,
    answers: { 200: AlertState },
    args: ({ params }) => [params.id],
  }),
  route({
    id: 'testAlert',
    method: 'post',
    path: '/admin/endpoints/:id/alert/test',
    verb: testAlert,
    tag,
    summary: 'Send a test message to the receiver of an alert',
    params: EndpointParams,
    answers: { 200: AlertTest },
    notReplayable: true,
    args: ({ params }) => [params.id],
  }),
  route({
    id: 'listIssuers',
    method: 'get',
    path: '/admin/issuers',
    verb: listIssuers,
    tag,
    summary: 'List the issuers whose tokens open endpoints',
    answers: { 200: UsedIssuers },
    args: () => [],
  }),
  route({
    id: 'listAlerts',
    method: 'get',
    path: '/admin/alerts',
    verb: listAlerts,
    tag,
    summary: 'List the alerts of all endpoints',
    query: ListAlertsQuery,
    answers: { 200: pageOf(ListedAlert) },
    args: ({ query }) => [query],
  }),
  route({
    id: 'listAllSchedules',
    method: 'get',
    path: '/admin/schedules',
    verb: listAllSchedules,
    tag,
    summary: 'List the schedules of all endpoints with their times',
    query: ListSchedulesQuery,
    answers: { 200: pageOf(ListedSchedule) },
    args: ({ query }) => [query],
  }),
  route({
    id: 'listSchedules',
    method: 'get',
    path: '/admin/endpoints/:id/schedules',
    verb: listSchedules,
    tag,
    summary: 'List the schedules of an endpoint with their times',
    params: EndpointParams,
    answers: { 200: z.object({ schedules: z.array(ScheduleState) }) },
    args: ({ params }) => [params.id],
  }),
  route({
    id: 'runSchedule',
    method: 'post',
    path: '/admin/endpoints/:id/schedules/:name/run',
    verb: runScheduleNow,
    tag,
    summary: 'Run a schedule now',
    params: EndpointParams.extend({ name: z.string().min(1).max(64) }),
    answers: { 200: z.object({ runId: z.string(), status: z.int() }) },
    notReplayable: true,
    args: ({ params }) => [params.id, params.name],
  }),
] as const;
