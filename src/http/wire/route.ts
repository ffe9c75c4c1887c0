import type { Hono } from 'hono';
import * as z from 'zod';
import type { Context } from '../../core/access/context';
import type { Actor } from '../../core/access/actor';
import { readQuery as decodeQuery } from '../../core/gateway/urlencoded';
import { ApiError, quoted } from '../../kernel/errors';
import { replayable, type Repeatable } from '../../core/idempotency/replayable';
import { invalidInput, summary, toIssues } from '../../kernel/issues';
import type { IfMatch } from '../../core/access/revision';
import { countByNetwork, type RefundAttempt } from '../../core/identity/sessions/limit-attempts';
import { authorize, type Permission } from '../../core/access/permissions';
import type { Verb } from '../../core/access/verb';
import { identifyActor, withHint } from '../../core/identity/users/identify-actor';
import type { AppEnv } from './app-env';
import { SAFE_HEADERS } from './errors';
import { expectNoForeignPage } from './foreign-page';
import { readJsonBody, readPublicJsonBody, readTextBody } from './json-body';
import { expectNoReadOnly, withoutReadOnly } from './read-only';

type Output<S> = S extends z.ZodType ? z.output<S> : undefined;

export interface RouteInput<P, Q, B, M> {
  params: Output<P>;
  query: Output<Q>;
  body: Output<B>;
  /** The body of a route that takes `text`. */
  text: { type: string; text: string } | undefined;
  /** Only where the route declares it. */
  ifMatch: M extends true ? IfMatch : undefined;
  /** The bearer of a public route, unread: bootstrap has a credential of its own. */
  bearer: string | null;
}
export interface RouteAnswer {
  status?: 200 | 201 | 204;
  body?: unknown;
  /** Instead of a JSON body: a file, streamed. */
  file?: { type: string; filename: string; body: ReadableStream<Uint8Array> };
}

/**
 * One route of the admin API, as a value: what it takes, who may, what it answers, and the verb behind it. The same value is mounted,
 * checked for a policy and described in /openapi.json.
 */
export interface Route {
  /** Its `operationId`: a verb and a noun. Clients that are generated have a method of this name, so it never changes. */
  id: string;
  method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  path: `/${string}`;
  /** `public` needs no access token; everything else is an action that the caller's roles must permit. */
  policy: Permission | 'public';
  tag: string;
  summary: string;
  params?: z.ZodObject;
  query?: z.ZodObject;
  body?: z.ZodType;
  /** Takes a text of one of these types instead of JSON. */
  text?: { types: readonly string[]; maxBytes: number };
  /** Types of a 200 that is a file. */
  files?: readonly string[];
  /** The answer's body by status; null: none. */
  answers: Partial<Record<200 | 201 | 204, z.ZodType | null>>;
  /** True where a POST changes rows of tables: its first answer is then kept beside them. */
  changesRows?: boolean;
  /** True where `If-Match` is checked, against the revision of what the route changes. */
  ifMatch?: boolean;
  /** What the route changes, as its GET answers it: a body may have fields of it that it does not take, unchanged. Null: not there yet. */
  stored?: (ctx: Context, params: unknown) => Promise<object | null>;
  /** True where a POST changes nothing, or must not be replayed: signing in, say. */
  notReplayable?: boolean;
  run: (ctx: Context, input: AnyInput) => Promise<RouteAnswer>;
}
type AnyInput = Omit<RouteInput<z.ZodType, z.ZodType, z.ZodType, true>, 'ifMatch'> & { ifMatch: IfMatch | undefined };

/** Declares a route; `run` gets its inputs as the schemas type them. */
export function route<
  P extends z.ZodObject | undefined,
  Q extends z.ZodObject | undefined,
  B extends z.ZodType | undefined,
  V extends Verb,
  M extends boolean | undefined = undefined,
>(
  spec: Omit<Route, 'params' | 'query' | 'body' | 'ifMatch' | 'stored' | 'policy' | 'run'> & {
    params?: P;
    query?: Q;
    body?: B;
    ifMatch?: M;
    stored?: (ctx: Context, params: Output<P>) => Promise<object | null>;
  } & Performed<RouteInput<P, Q, B, M>, V>,
): Route {
  const { verb, args, toBody, ...rest } = spec;
  const run = async (ctx: Context, input: RouteInput<P, Q, B, M>): Promise<RouteAnswer> => {
    const result = await verb!(ctx, ...(args!(input) as never[]));
    if (spec.files) return { file: result as NonNullable<RouteAnswer['file']> };
    const status = Number(Object.keys(spec.answers)[0]) as NonNullable<RouteAnswer['status']>;
    return { status, body: toBody ? toBody(result as Result<V>) : result };
  };
  // Its `run` takes narrower inputs than `Route` says; it is only ever given what its own schemas have read.
  return { policy: verb?.permission, run, ...rest } as unknown as Route;
}

type Arguments<V> = V extends (ctx: Context, ...args: infer A) => unknown ? A : never;
type Result<V> = V extends (...args: never[]) => Promise<infer R> ? R : never;

/** What a route does: a verb, with arguments made of the input. Its permission is the route's, and its result the body of the answer. */
type Performed<Input, V> =
  | {
      verb: V;
      args: (input: Input) => [...Arguments<V>];
      /** Makes the body from the result, where they differ. */
      toBody?: (result: Result<V>) => unknown;
      policy?: undefined;
      run?: undefined;
    }
  | (({ verb: V; policy?: undefined } | { policy: Route['policy']; verb?: undefined }) & {
      run: (ctx: Context, input: Input) => Promise<RouteAnswer>;
      args?: undefined;
      toBody?: undefined;
    });

/** Mounts routes in their order. A route without a policy, or without a summary for the documentation, stops the app from starting. */
export function mountRoutes(app: Hono<AppEnv>, routes: Route[]): void {
  for (const spec of routes) {
    if (!spec.policy || !spec.summary) throw new Error(`${spec.method} ${spec.path} declares no policy or summary`);
    app.on(spec.method.toUpperCase(), spec.path, (c) => answer(spec, c.var.ctx, c.req.raw, c.req.param()));
  }
}

async function answer(spec: Route, base: Context, request: Request, params: Record<string, string>): Promise<Response> {
  const header = request.headers.get('authorization');
  const ctx = spec.policy === 'public' ? base : { ...base, actor: await identify(base, request.headers) };
  // Before anything of the request is read: a stranger learns nothing from a body.
  if (spec.policy !== 'public') authorize(ctx, spec.policy);
  const refundAttempt = spec.policy === 'public' ? await admitStranger(ctx, request) : null;
  const named = spec.params ? parseText(spec.params, params, '#/path') : undefined;
  const input: AnyInput = {
    params: named,
    query: readQuery(spec, new URL(request.url).search),
    body: spec.body ? await readBody(spec, spec.body, request, (stored) => stored(ctx, named)) : undefined,
    text: spec.text ? await readTextBody(request, spec.text.types, spec.text.maxBytes) : undefined,
    ifMatch: readIfMatch(spec, request.headers.get('if-match')),
    bearer: /^Bearer +(\S+)$/i.exec(header ?? '')?.[1] ?? null,
  };
  const key = request.headers.get('idempotency-key');
  let file: RouteAnswer['file'];
  const perform = async (as: Context): Promise<{ status: number; body: unknown }> => {
    const answered = await spec.run(as, input);
    file = answered.file;
    return { status: answered.status ?? 200, body: answered.body };
  };
  const replays = spec.method === 'post' && key !== null && !spec.notReplayable;
  const result = replays ? await replayable(ctx, repeatable(spec, request, key, input), perform) : await perform(ctx);
  if (refundAttempt) ctx.defer(refundAttempt());
  if (file) return toFile(file, ctx.requestId);
  return toResponse(result.status, result.body, ctx.requestId);
}

const identify = async (ctx: Context, headers: Headers): Promise<Actor> =>
  withHint(ctx, await identifyActor(ctx, headers.get('authorization')), 'admin', headers);

const repeatable = (spec: Route, request: Request, key: string, { text, body }: AnyInput): Repeatable => ({
  key,
  route: `${request.method} ${new URL(request.url).pathname}`,
  body: text ?? body,
  status: Number(Object.keys(spec.answers)[0]),
  place: spec.changesRows ? 'rows' : 'definitions',
});

/** Requests to public routes that one network may fail with in 15 minutes. */
const PUBLIC = { purpose: 'public', limit: 300, windowSeconds: 15 * 60 };

/** What a request has to pass that needs no access token, before anything of its body is read. One that is answered well does not count. */
async function admitStranger(ctx: Context, request: Request): Promise<RefundAttempt> {
  expectNoForeignPage(request.headers, ctx.origin);
  return countByNetwork(ctx, PUBLIC, 'requests that failed');
}

const toFile = ({ type, filename, body }: NonNullable<RouteAnswer['file']>, requestId: string): Response =>
  new Response(body, {
    headers: {
      ...SAFE_HEADERS,
      'x-request-id': requestId,
      'content-type': type,
      'content-disposition': `attachment; filename="${filename}"`,
    },
  });

function toResponse(status: number, body: unknown, requestId: string): Response {
  const headers: Record<string, string> = { ...SAFE_HEADERS, 'x-request-id': requestId };
  if (status === 204) return new Response(null, { status, headers });
  headers['content-type'] = 'application/json';
  const revision: unknown = typeof body === 'object' && body !== null && 'revision' in body ? body.revision : undefined;
  if (typeof revision === 'number') headers.etag = `"${revision}"`;
  return new Response(JSON.stringify(body), { status, headers });
}

function readQuery(spec: Route, search: string): unknown {
  const values: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const [name, value] of decodeQuery(search.slice(1))) {
    if (name in values) throw badQuery(name, 'is given twice');
    values[name] = value;
  }
  return parseText(spec.query ?? z.strictObject({}), { ...values }, '#/query');
}

const badQuery = (name: string, message: string): ApiError =>
  new ApiError('invalid_parameter', `${quoted(name)} ${message}.`, {
    issues: [{ pointer: `#/query/${name}`, code: 'invalid', message }],
  });

/** Parameters of the URL: 400 where the body's are 422, because no form was filled in wrong, the address was. */
export function parseText<S extends z.ZodType>(schema: S, values: unknown, base: string): z.output<S> {
  const parsed = schema.safeParse(values);
  if (parsed.success) return parsed.data;
  const issues = toIssues(parsed.error, base);
  throw new ApiError(
    'invalid_parameter',
    summary(issues, (at) => at.slice(base.length + 1), ': '),
    { issues },
  );
}

/** A body as its schema types it; 422 with every issue. */
export function parseBody<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw invalidInput(toIssues(parsed.error));
  return parsed.data;
}

async function readBody(
  spec: Route,
  schema: z.ZodType,
  request: Request,
  ask: (stored: NonNullable<Route['stored']>) => Promise<object | null>,
): Promise<unknown> {
  const body = await (spec.policy === 'public' ? readPublicJsonBody : readJsonBody)(request);
  expectNoReadOnly(body, schema, spec.answers[201]);
  const { stored } = spec;
  return parseBody(schema, stored ? await withoutReadOnly(body, schema, () => ask(stored)) : body);
}

/** A condition that is not checked would be taken for one that held. */
function readIfMatch({ method, ifMatch }: Route, header: string | null): IfMatch | undefined {
  if (header === null || header.trim() === '*' || method === 'get') return ifMatch ? null : undefined;
  if (!ifMatch) throw new ApiError('invalid_parameter', 'If-Match is not taken here: this has no revision.');
  const match = /^\s*(?:W\/)?"([0-9]{1,15})"\s*$/.exec(header);
  if (!match) throw new ApiError('invalid_parameter', 'If-Match must be one revision in quotes, as in If-Match: "3".');
  return Number(match[1]);
}

/** The `:id` of a route. */
export const IdParams = z.strictObject({ id: z.string().min(1).max(64) });
