import type { Hono } from 'hono';
import type { Actor } from '../../core/access/actor';
import type { Context } from '../../core/access/context';
import { authorize } from '../../core/access/permissions';
import type { Permission } from '../../core/access/permitted.rules';
import { countByNetwork } from '../../core/identity/sessions/limit-attempts';
import { assertNoForeignPage } from './foreign-page';

export interface AppEnv<Bindings = Env> {
  Bindings: Bindings;
  Variables: { ctx: Context };
}

/**
 * The policy of a route: actors whose roles have the permission, or, without a credential, programs and pages of this service (`public`) or
 * pages of other sites as well (`open`).
 */
type Policy = Permission | 'public' | 'open';

/** A route as a value, on any wire: its path, its policy, and its action on the input that its wire parses from a request. */
export interface WireRoute<Input, Answer> {
  /** A verb and a noun, unique among all routes. */
  id: string;
  /** `all` matches the methods that earlier routes do not. */
  method: 'get' | 'post' | 'put' | 'patch' | 'delete' | 'all';
  /** Path below the prefix of its wire. Parameters are segments that start with a colon. */
  path: `/${string}`;
  /** True when the last parameter of the path takes several segments, slashes included. */
  takesRest?: true;
  /** A function where it depends on settings, or on whether a credential is sent. */
  policy: Policy | ((ctx: Context, headers: Headers) => Policy);
  summary?: string;
  run: (ctx: Context, input: Input) => Answer | Promise<Answer>;
}

/** A request from the router. */
export interface Received {
  request: Request;
  /** The parameters of the path, decoded. */
  params: Record<string, string>;
}

export interface WireRequest {
  requestId: string;
  /** True when the request counts without a credential of its own: other sites may not read the response. */
  isAmbient: boolean;
}

/** One protocol over verbs: authentication, parsing of requests, and rendering of results and errors. */
export interface Wire<R extends WireRoute<Input, Answer>, Input, Answer> {
  /** Prefix of the paths of its routes. */
  prefix: '' | `/${string}`;
  /** True when the API reference describes its routes: each then needs a summary. */
  isDocumented: boolean;
  /** Limit of failures of one network at public routes. Default: no limit. */
  publicAttempts?: Parameters<typeof countByNetwork>[1];
  /** Returns the actor of a request; anonymous for a missing or invalid credential. */
  identify: (ctx: Context, headers: Headers) => Promise<Actor>;
  /** Reads and checks the request of an actor who has the permission. */
  parse: (ctx: Context, route: R, received: Received) => Input | Promise<Input>;
  /** Runs the route; the default calls its `run`. */
  perform?: (ctx: Context, route: R, input: Input, request: Request) => Promise<Answer>;
  render: (answer: Answer, asked: WireRequest) => Response;
  renderError: (error: unknown, asked: WireRequest) => Response;
}

/**
 * Mounts the routes of a wire in their order. Throws for a route without a policy, for one without a summary where the wire is
 * documented, and for an id that two routes share: such a Worker does not start.
 */
export function mountRoutes<R extends WireRoute<Input, Answer>, Input, Answer, Bindings extends object>(
  app: Hono<AppEnv<Bindings>>,
  wire: Wire<R, Input, Answer>,
  routes: readonly R[],
): void {
  assertDeclared(routes, wire.isDocumented);
  for (const route of routes) {
    const path = route.takesRest ? `${route.path}{.+}` : route.path;
    app.on(route.method.toUpperCase(), wire.prefix + path, (c) =>
      serve(wire, route, c.var.ctx, { request: c.req.raw, params: c.req.param() }),
    );
  }
}

function assertDeclared(routes: readonly WireRoute<never, unknown>[], isDocumented: boolean): void {
  const ids = new Set<string>();
  for (const { id, method, path, policy, summary } of routes) {
    if (!policy) throw new Error(`${method} ${path} declares no policy`);
    if (isDocumented && method !== 'all' && !summary) throw new Error(`${method} ${path} declares no summary`);
    if (ids.has(id)) throw new Error(`${method} ${path} has the id of another route: ${id}`);
    ids.add(id);
  }
}

/** Answers a request. Checks identity and permission before it reads a body, so that anonymous callers learn nothing from its errors. */
async function serve<R extends WireRoute<Input, Answer>, Input, Answer>(
  wire: Wire<R, Input, Answer>,
  route: R,
  base: Context,
  received: Received,
): Promise<Response> {
  const { headers } = received.request;
  const policy = typeof route.policy === 'function' ? route.policy(base, headers) : route.policy;
  const isAnonymous = policy === 'public' || policy === 'open';
  const asked = { requestId: base.requestId, isAmbient: policy === 'public' };
  try {
    const ctx = isAnonymous ? base : { ...base, actor: await wire.identify(base, headers) };
    asked.isAmbient ||= ctx.actor.kind === 'user' && ctx.actor.passwordless === true;
    if (asked.isAmbient) assertNoForeignPage(headers, ctx.origin);
    if (!isAnonymous) authorize(ctx, policy);
    const refundAttempt = policy === 'public' ? await countPublic(ctx, wire.publicAttempts) : null;
    const input = await wire.parse(ctx, route, received);
    const answer = await (wire.perform?.(ctx, route, input, received.request) ?? route.run(ctx, input));
    if (refundAttempt) ctx.defer(refundAttempt());
    return wire.render(answer, asked);
  } catch (error) {
    return wire.renderError(error, asked);
  }
}

const countPublic = async (ctx: Context, count: Parameters<typeof countByNetwork>[1] | undefined) =>
  count === undefined ? null : countByNetwork(ctx, count, 'requests that failed');
