import * as z from 'zod';
import {
  CreateEndpointInput,
  EndpointId,
  EndpointPath,
  METHODS,
  type Endpoint,
  type UpdateEndpointInput,
} from '../../core/publishing/endpoints/endpoint.schema';
import type { EndpointFilter, EndpointSummary } from '../../core/publishing/endpoints/find-endpoints';
import { defined } from '../../kernel/defined';
import { ApiError, ERROR_CODES } from '../../kernel/errors';
import { HandlerPath } from '../../core/publishing/handlers/handler.schema';

/*
 * Names and forms of Instabase's HTTP Endpoint API. Nothing beyond this file knows them. docs/compat/instabase.md says what it does and
 * why.
 */

/** Where it is mounted. */
export const INSTABASE_PREFIX = '/api/v1/http-endpoint';

/** The body of a PUT. `id` is listed among the parameters though the URL has it: it may be repeated. */
export const CreateBody = z.strictObject({
  id: z.string().optional(),
  path: EndpointPath,
  handler_script_path: HandlerPath,
});

const State = z.enum(['ENABLED', 'DISABLED']);

/** The body of a PATCH: any subset. `state` may be sent back as a GET shows it. */
export const UpdateBody = z.strictObject({
  id: z.string().optional(),
  path: EndpointPath.optional(),
  handler_script_path: HandlerPath.optional(),
  enabled: z.boolean().optional(),
  state: State.optional(),
});

const upper = z.string().transform((text) => text.toUpperCase());
const lower = z.string().transform((text) => text.toLowerCase());

/** The syntax line of the document has `handler` and `state`, its table `handler_script_path` and `enabled`: all four are taken. */
export const ListQuery = z.strictObject({
  id: z.string().max(128).optional(),
  path: z.string().max(64).optional(),
  handler: z.string().max(512).optional(),
  handler_script_path: z.string().max(512).optional(),
  state: upper.pipe(State).optional().meta({ description: 'ENABLED or DISABLED, in any case' }),
  enabled: lower
    .pipe(z.enum(['true', 'false']))
    .optional()
    .meta({ description: 'true or false, in any case' }),
  offset: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(1000).optional().meta({ description: 'All when left out' }),
});
export type ListQuery = z.output<typeof ListQuery>;

/** The id that a URL names, as one that an endpoint may be given. */
export const EndpointIdParams = z.strictObject({ id: EndpointId });

/** Any id: one that no endpoint can have is not found, like every other. */
export const NamedParams = EndpointIdParams.extend({ id: z.string() });

/** A new endpoint as the document has it: for callers with a token, of every method, answering JSON or text. */
export const toCreateInput = (body: z.output<typeof CreateBody>): CreateEndpointInput =>
  CreateEndpointInput.parse({
    path: body.path,
    handler: { path: body.handler_script_path },
    methods: METHODS,
    access: { level: 'authenticated' },
  });

export const toUpdateInput = ({ path, handler_script_path: script, enabled }: z.output<typeof UpdateBody>) =>
  defined({
    path,
    handler: script === undefined ? undefined : { path: script, version: null },
    active: enabled,
  }) satisfies UpdateEndpointInput;

/** 400 when one thing is asked for under both of its names, and differently. */
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

/** An endpoint as the document shows it. */
export const Entry = z.object({ id: z.string(), path: z.string(), handler_script_path: z.string(), state: State });
export const toInstabaseEntry = ({ id, path, handlerPath, active }: EndpointSummary): z.output<typeof Entry> => ({
  id,
  path,
  handler_script_path: handlerPath,
  state: active ? 'ENABLED' : 'DISABLED',
});

/** The answer of a list; `id` echoes the filter, and is empty without one. */
export const EndpointList = z.object({ id: z.string(), endpoints: z.array(Entry) });

/** The answer of a PUT and a PATCH. */
export const IdAnswer = z.object({ id: z.string() });

/** A refusal or failure. The document shows no error form; `code` is Portico's own word, the same on every wire. */
export const InstabaseProblem = z
  .object({ status: z.literal('ERROR'), msg: z.string(), code: z.enum(ERROR_CODES), request_id: z.string() })
  .meta({ id: 'InstabaseProblem', description: 'How the Instabase dialect refuses' });

export const toLine = ({ id, path, handler, active }: Endpoint): EndpointSummary => ({
  id,
  path,
  handlerPath: handler.path,
  active,
});

const FIELDS: Record<string, string> = { '#/handler/path': 'handler_script_path', '#/active': 'enabled' };

/** The name that callers of this wire know a field by. `pointer` is an issue's. */
export const toFieldName = (pointer: string): string =>
  FIELDS[pointer] ?? pointer.replace(/^#\/?(query\/|path\/|body\/)?/, '');
