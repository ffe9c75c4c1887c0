import * as z from 'zod';
import {
  CreateEndpointInput,
  EndpointId,
  EndpointPath,
  type Endpoint,
  type UpdateEndpointInput,
} from '../../core/publishing/endpoints/endpoint.schema';
import { MAX_PATH_CHARS } from '../../core/publishing/endpoints/endpoint-path.rules';
import { METHODS } from '../../kernel/http-methods';
import type { EndpointFilter, EndpointSummary } from '../../core/publishing/endpoints/find-endpoints';
import { defined } from '../../kernel/defined';
import { ApiError, ERROR_CODES } from '../../kernel/errors';
import { HandlerPath } from '../../core/publishing/handlers/handler.schema';

/* Names and shapes of Instabase's HTTP Endpoint API, used in this file only. docs/compat/instabase.md has the behavior and the reasons. */

/** Path prefix of the wire. */
export const INSTABASE_PREFIX = '/api/v1/http-endpoint';

/** The document knows paths of one segment only. */
const OneSegment = EndpointPath.refine((path) => /^[A-Za-z0-9_-]*$/.test(path), {
  message: 'must be 1 to 64 of A-Z a-z 0-9 _ -, without slashes',
  params: { code: 'invalid_path' },
});

/** The body of a PUT. `id` is listed among the parameters though the URL has it: it may be repeated. */
export const CreateBody = z.strictObject({
  id: z.string().optional(),
  path: OneSegment,
  handler_script_path: HandlerPath,
});

const State = z.enum(['ENABLED', 'DISABLED']);

/** The body of a PATCH: any subset. `state` may be sent back as a GET shows it. */
export const UpdateBody = z.strictObject({
  id: z.string().optional(),
  path: OneSegment.optional(),
  handler_script_path: HandlerPath.optional(),
  enabled: z.boolean().optional(),
  state: State.optional(),
});

const upper = z.string().transform((text) => text.toUpperCase());
const lower = z.string().transform((text) => text.toLowerCase());

/** The syntax line of the document has `handler` and `state`, its table `handler_script_path` and `enabled`: all four are accepted. */
export const ListQuery = z.strictObject({
  id: z.string().max(128).optional(),
  path: z.string().max(MAX_PATH_CHARS).optional(),
  handler: z.string().max(512).optional(),
  handler_script_path: z.string().max(512).optional(),
  state: upper.pipe(State).optional().meta({ description: 'ENABLED or DISABLED, in any case' }),
  enabled: lower
    .pipe(z.enum(['true', 'false']))
    .optional()
    .meta({ description: 'true or false, in any case' }),
  offset: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(1000).optional().meta({ description: 'Default: all' }),
});
export type ListQuery = z.output<typeof ListQuery>;

/** The id in the URL of a creation: a valid id. */
export const EndpointIdParams = z.strictObject({ id: EndpointId });

/** Any id: an invalid one is not found, like an unknown one. */
export const NamedParams = EndpointIdParams.extend({ id: z.string() });

/** Settings of a new endpoint as in the document: for callers with a token, every method, JSON or text responses. */
export const toCreateInput = (body: z.output<typeof CreateBody>): CreateEndpointInput =>
  CreateEndpointInput.parse({
    path: body.path,
    handler: { path: body.handler_script_path },
    methods: [...METHODS],
    access: { level: 'authenticated' },
  });

export const toUpdateInput = ({ path, handler_script_path: script, enabled }: z.output<typeof UpdateBody>) =>
  defined({
    path,
    handler: script === undefined ? undefined : { path: script, version: null },
    active: enabled,
  }) satisfies UpdateEndpointInput;

/** Throws 400 when a filter has different values under its two names. */
export function toFilter(query: ListQuery): EndpointFilter {
  const { id, path, handler, handler_script_path: script, state, enabled } = query;
  const byState = state === undefined ? undefined : state === 'ENABLED';
  const byEnabled = enabled === undefined ? undefined : enabled === 'true';
  const differ = (a: unknown, b: unknown): boolean => a !== undefined && b !== undefined && a !== b;
  if (differ(handler, script)) throw contradiction('handler', 'handler_script_path');
  if (differ(byState, byEnabled)) throw contradiction('state', 'enabled');
  return { id, path, handler: handler ?? script, active: byState ?? byEnabled };
}

const contradiction = (a: string, b: string): ApiError =>
  new ApiError('invalid_parameter', `${a} and ${b} are two names of one filter, with different values.`);

/** An endpoint in the shape of the document. */
export const Entry = z.object({ id: z.string(), path: z.string(), handler_script_path: z.string(), state: State });
export const toInstabaseEntry = ({ id, path, handlerPath, active }: EndpointSummary): z.output<typeof Entry> => ({
  id,
  path,
  handler_script_path: handlerPath,
  state: active ? 'ENABLED' : 'DISABLED',
});

/** The response to a list; `id` echoes the filter, and is empty without one. */
export const EndpointList = z.object({ id: z.string(), endpoints: z.array(Entry) });

/** The response to a PUT and a PATCH. */
export const IdAnswer = z.object({ id: z.string() });

/** An error. The document defines no shape for errors; `code` is Portico's, the same on every wire. */
export const InstabaseProblem = z
  .object({ status: z.literal('ERROR'), msg: z.string(), code: z.enum(ERROR_CODES), request_id: z.string() })
  .meta({ id: 'InstabaseProblem', description: 'An error of the Instabase dialect' });

export const toLine = ({ id, path, handler, active }: Endpoint): EndpointSummary => ({
  id,
  path,
  handlerPath: handler.path,
  active,
});

const FIELDS: Record<string, string> = { '#/handler/path': 'handler_script_path', '#/active': 'enabled' };

/** Returns the name of a field on this wire. `pointer` is an issue's. */
export const toFieldName = (pointer: string): string =>
  FIELDS[pointer] ?? pointer.replace(/^#\/?(query\/|path\/|body\/)?/, '');
