import type { Context } from '../../core/access/context';
import { dispatch } from '../../core/gateway/dispatch';
import { namesOf } from '../../core/publishing/endpoints/endpoint-path.rules';
import { hasBody, placesOf } from '../../core/gateway/describe/described.rules';
import { sentName } from '../../core/parameters/parameter-name.rules';
import { HEADERS_OF_TOOL_CALLS } from '../../kernel/http-headers';
import { isObject } from '../../kernel/json.rules';
import { fromBase64, toBase64 } from '../../kernel/encoding';
import { toProblem } from '../wire/errors';
import { CODES, RpcError } from './protocol';
import type { Tool } from './tools';

/** Bytes of a response that a result has; the rest is in the run. */
const MAX_RESULT_BYTES = 262_144;

/** Calls the endpoint of a tool as its caller would over HTTP: same access, limits, parameters, and run. */
export async function callTool(
  ctx: Context,
  tool: Tool,
  args: Record<string, unknown>,
  from: Request,
): Promise<object> {
  const request = toRequest(ctx, tool, args, from);
  const target = new URL(request.url).pathname.slice('/u/'.length);
  return toResult(await dispatch(ctx, request, target, toProblem, 'mcp'));
}

function toRequest(
  { origin }: Context,
  { method, endpoint }: Tool,
  args: Record<string, unknown>,
  from: Request,
): Request {
  const rest = { ...args };
  const take = (name: string): unknown => {
    const value = Object.hasOwn(rest, name) ? rest[name] : undefined;
    delete rest[name];
    return value;
  };
  const places = placesOf(endpoint, method);
  const inPath = new Map(places.path.map((each) => [each.name, take(sentName(each))]));
  const url = new URL(`${origin}/u/${pathOf(endpoint.path, inPath)}`);
  for (const parameter of places.query)
    for (const value of [take(sentName(parameter))].flat())
      if (value !== undefined && value !== null) url.searchParams.append(sentName(parameter), toText(value));
  const headers = new Headers();
  for (const name of HEADERS_OF_TOOL_CALLS) {
    const value = from.headers.get(name);
    if (value !== null) headers.set(name, value);
  }
  const files = places.body.filter(({ type }) => type === 'file').map(sentName);
  const body = hasBody(method) ? bodyOf(rest, files, headers) : null;
  return new Request(url, { method, headers, body, signal: from.signal });
}

function pathOf(path: string, values: ReadonlyMap<string, unknown>): string {
  const value = (name: string): string => {
    const given = values.get(name);
    if (given === undefined || given === null || given === '')
      throw new RpcError(CODES.invalidParams, `The argument ${name} is required`);
    const text = toText(given).toWellFormed();
    // A URL takes these as steps, however they are encoded: they would lead to another endpoint.
    if (text === '.' || text === '..')
      throw new RpcError(CODES.invalidParams, `The argument ${name} must not be . or ..`);
    return encodeURIComponent(text);
  };
  const named = namesOf(path);
  const positional = [...values].filter(
    ([name, given]) => !named.includes(name) && given !== undefined && given !== null,
  );
  return [
    ...path.split('/').map((segment) => (segment.startsWith(':') ? value(segment.slice(1)) : segment)),
    ...positional.map(([name]) => value(name)),
  ].join('/');
}

const toText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

function bodyOf(fields: Record<string, unknown>, files: readonly string[], headers: Headers): string | FormData | null {
  if (!files.some((name) => fields[name] !== undefined)) {
    headers.set('content-type', 'application/json');
    return JSON.stringify(fields);
  }
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    if (!files.includes(name)) form.append(name, toText(value));
    else form.append(name, new File([bytesOf(name, value)], name));
  }
  return form;
}

function bytesOf(name: string, value: unknown): Uint8Array<ArrayBuffer> {
  try {
    if (typeof value === 'string') return fromBase64(value);
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
  }
  throw new RpcError(CODES.invalidParams, `The argument ${name} must be a file in base64`);
}

/** Converts a response to the result of a tool. A refusal or failure of the endpoint is a result, which a model can correct. */
async function toResult(response: Response): Promise<object> {
  const run = response.headers.get('x-run-id');
  const meta = run === null ? {} : { _meta: { 'portico/runId': run } };
  const bytes = new Uint8Array(await response.arrayBuffer());
  const type = (response.headers.get('content-type') ?? '').split(';', 1)[0]!.trim();
  const isError = response.status >= 400;
  const shared = { ...(isError ? { isError: true } : {}), ...meta };
  if (bytes.length > MAX_RESULT_BYTES) {
    const text = `The response has ${bytes.length} bytes, more than the ${MAX_RESULT_BYTES} that a tool returns. Call the endpoint over HTTP, or see the run ${run ?? ''}.`;
    return { ...shared, isError: true, content: [{ type: 'text', text: text.trim() }] };
  }
  const media = /^(image|audio)\//.exec(type)?.[1];
  if (media !== undefined) return { ...shared, content: [{ type: media, data: toBase64(bytes), mimeType: type }] };
  const text = new TextDecoder().decode(bytes);
  const value = /^application\/([a-z0-9.-]+\+)?json$/.test(type) ? parseOrNull(text) : null;
  return {
    ...shared,
    content: [{ type: 'text', text: isError && run !== null ? `${text}\n(run ${run})` : text }],
    ...(isObject(value) && !isError ? { structuredContent: value } : {}),
  };
}

function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
