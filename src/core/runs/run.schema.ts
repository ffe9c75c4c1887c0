import * as z from 'zod';
import { PageQuery, pageOf } from '../../kernel/page';

/** `graph`: the run of an approved graph; its `endpointId` is the graph's id, or the endpoint whose call created it. */
export const RUN_KINDS = ['live', 'test', 'schedule', 'graph'] as const;
export type RunKind = (typeof RUN_KINDS)[number];

/** `running` occurs only on audited endpoints, between the start of a call and its end. */
export const RUN_OUTCOMES = [
  'success',
  'responded_error',
  'failed',
  'failed_after_response',
  'rejected',
  'timeout',
  'interrupted',
  'running',
] as const;
export type RunOutcome = (typeof RUN_OUTCOMES)[number];

/** Levels of detail at which an endpoint records its calls. */
export const ENDPOINT_LOGS = ['full', 'metadata', 'audited', 'off'] as const;
export type EndpointLog = (typeof ENDPOINT_LOGS)[number];

/** Bytes of a body that a run keeps, each way. */
export const RUN_BODY_BYTES = 8192;
/** Characters of an error message or stack that a run keeps. */
export const RUN_ERROR_CHARS = 4096;

const LogLevel = z.enum(['debug', 'info', 'warn', 'error']);
type LogLevel = z.infer<typeof LogLevel>;

const Headers = z.record(z.string(), z.string());

/** One step of a workflow, or one node of a graph, in the order that they began. Times in ms; `startedMs` counts from the admission of the call. */
const RunStep = z.object({
  id: z.string(),
  action: z.string(),
  outcome: z.enum(['running', 'success', 'failed', 'mocked']),
  startedMs: z.number(),
  durationMs: z.number(),
  input: z.unknown().optional(),
  output: z.unknown().optional(),
  error: z.object({ name: z.string(), message: z.string(), status: z.int().optional() }).optional(),
  middleware: z.int().optional().meta({
    description:
      'Index of the attached handler that the step belongs to: middleware, then `response.after`, then `onError`; absent for a step of the handler',
  }),
});

export const RunDetail = z.object({
  timing: z.object({ authMs: z.number(), runMs: z.number(), afterMs: z.number() }),
  instance: z.object({ mode: z.string(), cold: z.boolean() }),
  via: z.literal('mcp').optional().meta({ description: 'mcp: an agent called it as a tool' }),
  cached: z.literal(true).optional().meta({ description: 'true: the answer came from the cache of the endpoint' }),
  keyValue: z
    .literal('previous')
    .optional()
    .meta({ description: 'previous: the call had the value of the key that a newer one replaces' }),
  attempt: z.int().optional().meta({ description: 'Of a schedule that was tried again: 2 and more' }),
  staleMs: z.int().optional().meta({
    description:
      'Age of the definition of the endpoint in ms, where the call used one beyond `FRESHNESS_SECONDS` because the database was unavailable',
  }),
  request: z.object({
    method: z.string(),
    path: z.string(),
    query: z.string(),
    headers: Headers,
    body: z.string().nullable(),
    bytes: z.int(),
  }),
  response: z.object({ status: z.int(), headers: Headers, body: z.string().nullable(), bytes: z.int() }).nullable(),
  error: z
    .object({
      code: z.string(),
      name: z.string(),
      message: z.string(),
      stack: z.string(),
      step: z.string().optional().meta({ description: 'Id of the workflow step that failed' }),
    })
    .nullable(),
  logs: z.array(z.object({ at: z.iso.datetime(), level: LogLevel, message: z.string() })),
  steps: z.array(RunStep),
  outbound: z
    .array(
      z.object({
        at: z.iso.datetime(),
        method: z.string(),
        host: z.string(),
        status: z.int().nullable(),
        refused: z.string().nullable(),
      }),
    )
    .meta({ description: 'Requests that the handler sent, or that were refused' }),
  truncated: z.boolean().meta({ description: 'True when a part of the record was cut' }),
});
export type RunDetail = z.infer<typeof RunDetail>;

const Name = z.string().optional().meta({
  description: 'Present name of the user or token, or alias of the key; absent for others, and in what a sink receives',
});

const summary = {
  id: z.string(),
  endpointId: z.string(),
  endpointPath: z.string().nullable().meta({ description: 'Path at the time of the call; null for a graph' }),
  handlerPath: z.string().nullable(),
  handlerVersion: z.int().nullable(),
  kind: z.enum(RUN_KINDS),
  outcome: z.enum(RUN_OUTCOMES),
  status: z.int().nullable(),
  errorCode: z.string().nullable(),
  failedStep: z.string().nullable().meta({ description: 'Id of the workflow step that failed' }),
  calls: z.int().meta({ description: 'Number of calls that the record stands for: more than 1 for counted refusals' }),
  startedAt: z.iso.datetime(),
  durationMs: z.number().nullable(),
  caller: z.object({ kind: z.string(), id: z.string().nullable(), name: Name }),
  executor: z.string(),
  executorName: Name,
};

/** An entry of the run history. */
export const RunSummary = z.object(summary);
export type RunSummary = z.infer<typeof RunSummary>;

/** A page of the run history. */
export const RunPage = z.object({
  ...pageOf(RunSummary).shape,
  searchedTo: z.iso
    .datetime()
    .nullable()
    .meta({ description: 'All newer runs have been searched: a page may end before it is full. null: all runs have' }),
});
export type RunPage = z.infer<typeof RunPage>;

/** The whole record of one call. */
export const Run = z.object({ ...summary, ...RunDetail.shape });
export type Run = z.infer<typeof Run>;

/** `not_success` stands for all others. */
const Outcomes = z
  .string()
  .max(200)
  .transform((text) =>
    text
      .split(',')
      .flatMap((name) => (name === 'not_success' ? RUN_OUTCOMES.filter((each) => each !== 'success') : name)),
  )
  .pipe(z.array(z.enum(RUN_OUTCOMES)).overwrite((outcomes) => [...new Set(outcomes)]))
  .meta({ description: `One or more, with commas, of ${RUN_OUTCOMES.join(', ')}; not_success: all but success` });

/** Conditions that an entry of the history shows. */
const conditions = {
  endpoint: z
    .string()
    .max(300)
    .optional()
    .meta({ description: 'Path or id of an endpoint; `GET orders` where several answer at one path' }),
  endpointId: z.string().max(128).optional().meta({ description: 'Id of an endpoint, also of one that was deleted' }),
  kind: z.enum(RUN_KINDS).optional(),
  outcome: Outcomes.optional(),
  status: z.coerce.number().int().min(100).max(599).optional(),
  caller: z.string().max(300).optional().meta({ description: 'Id of a key, token or user' }),
  minMs: z.coerce.number().int().min(0).optional().meta({ description: 'Least duration in ms' }),
  step: z.string().max(128).optional().meta({ description: 'Id of the workflow step that failed' }),
  error: z.string().max(64).optional().meta({ description: 'Error code' }),
};

const listConditions = {
  ...conditions,
  since: z.iso.datetime({ offset: true }).optional(),
  until: z.iso.datetime({ offset: true }).optional(),
  q: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .meta({ description: 'Text in the request, the response, the error or the logs' }),
};
type NamedEndpoint = { endpoint?: string | undefined; endpointId?: string | undefined };
const namesOne = ({ endpoint, endpointId }: NamedEndpoint): boolean =>
  endpoint === undefined || endpointId === undefined;
const ONE_ENDPOINT = { path: ['endpointId'], message: 'must not be combined with endpoint' };

export const TailRunsQuery = z.strictObject(conditions).refine(namesOne, ONE_ENDPOINT);
export type TailRunsQuery = z.infer<typeof TailRunsQuery>;

/** The filters of the history. */
export const ListedRuns = z.strictObject(listConditions).refine(namesOne, ONE_ENDPOINT);
export type ListedRuns = z.infer<typeof ListedRuns>;

export const ListRunsQuery = z.strictObject({ ...PageQuery.shape, ...listConditions }).refine(namesOne, ONE_ENDPOINT);
export type ListRunsQuery = z.infer<typeof ListRunsQuery>;

export const ExportRunsQuery = z
  .strictObject({ ...listConditions, format: z.enum(['ndjson', 'csv']).default('ndjson') })
  .refine(namesOne, ONE_ENDPOINT);
export type ExportRunsQuery = z.infer<typeof ExportRunsQuery>;
