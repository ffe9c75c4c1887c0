import type { z } from 'zod';
import type { Actor } from '../../core/access/actor';
import type { Context } from '../../core/access/context';
import type { IfMatch } from '../../core/access/revision';
import { replayable, type Repeatable } from '../../core/idempotency/replayable';
import type { CredentialPlace } from '../../core/identity/tokens/explain-credential';
import { identifyActor, identifyCookie, withHint } from '../../core/identity/users/identify-actor';
import { ApiError } from '../../kernel/errors';
import { toApiError, toProblem } from '../wire/errors';
import { readPlainBody } from '../../core/gateway/read-body';
import { hasNoFields, readJsonBody, readPublicJsonBody, readTextBody } from '../wire/json-body';
import { parseInput, parseQuery, parseText } from '../wire/parse';
import { isOwnPage } from '../wire/foreign-page';
import { renderAnswer } from '../wire/render';
import type { AnyInput, Route, RouteAnswer } from '../wire/route';
import type { Received, Wire } from '../wire/wire';
import { assertNoReadOnly, withoutReadOnly } from './read-only';
import { readSessionCookie } from './session-cookie';
import { bearerOf } from '../../core/identity/tokens/read-bearer';

const PLACE: CredentialPlace = {
  takes: 'The admin API takes the accessToken of POST /admin/session, or a personal token.',
  kinds: ['accessToken'],
  schemes: ['bearer'],
};

/** The admin API: access tokens, strict JSON, revisions, idempotent POSTs, and problem details. */
export const adminWire: Wire<Route, AnyInput, RouteAnswer> = {
  prefix: '',
  isDocumented: true,
  publicAttempts: { purpose: 'public', limit: 300, windowSeconds: 15 * 60 },
  identify,
  parse,
  perform,
  render: renderAnswer,
  renderError: (error, { requestId }) => toProblem(toApiError(error, requestId), requestId).response,
};

/** A cookie counts only from a page of this service, and never beside a bearer token. */
async function identify(ctx: Context, headers: Headers): Promise<Actor> {
  const authorization = headers.get('authorization');
  const cookie =
    authorization === null && isOwnPage(headers, ctx.origin) ? readSessionCookie(headers, ctx.origin) : null;
  const actor = await (cookie === null ? identifyActor(ctx, authorization) : identifyCookie(ctx, cookie));
  return withHint(ctx, actor, PLACE, headers);
}

async function parse(ctx: Context, route: Route, { request, params }: Received): Promise<AnyInput> {
  const named = route.params ? parseText(route.params, params, '#/path') : undefined;
  const query = parseQuery(route.query, request.url);
  return {
    params: named,
    query,
    body: route.body
      ? await readBody(route, route.body, request, (stored, body) => stored(ctx, named, query, body))
      : undefined,
    text: route.text ? await readTextBody(request, route.text.types, route.text.maxBytes) : undefined,
    bytes: route.maxBytes ? new Uint8Array((await readPlainBody(request, route.maxBytes)) ?? []) : undefined,
    ifMatch: readIfMatch(route, request.headers.get('if-match')),
    bearer: bearerOf(request.headers.get('authorization')),
    lastEventId: request.headers.get('last-event-id'),
  };
}

async function readBody(
  route: Route,
  schema: z.ZodType,
  request: Request,
  ask: (stored: NonNullable<Route['stored']>, body: object) => Promise<object | null>,
): Promise<unknown> {
  const body =
    route.policy === 'public'
      ? await readPublicJsonBody(request)
      : await readJsonBody(request, hasNoFields(schema) ? {} : undefined);
  assertNoReadOnly(body, schema, route.answers[201]);
  const { stored } = route;
  return parseInput(schema, stored ? await withoutReadOnly(body, schema, (given) => ask(stored, given)) : body);
}

/** Parses `If-Match`. Throws where the route does not check it, because the caller would assume that it held. */
function readIfMatch({ method, ifMatch }: Route, header: string | null): IfMatch | undefined {
  if (header === null || header.trim() === '*' || method === 'get') return ifMatch ? null : undefined;
  if (!ifMatch)
    throw new ApiError('invalid_parameter', 'If-Match is not supported here: this resource has no revision.');
  const match = /^\s*(?:W\/)?"([0-9]{1,15})"\s*$/.exec(header);
  if (!match) throw new ApiError('invalid_parameter', 'If-Match must be one revision in quotes, as in If-Match: "3".');
  return Number(match[1]);
}

/** Runs a route; of a POST with an Idempotency-Key, at most once. */
async function perform(ctx: Context, route: Route, input: AnyInput, request: Request): Promise<RouteAnswer> {
  const key = request.headers.get('idempotency-key');
  if (route.method !== 'post' || key === null || route.notReplayable) return route.run(ctx, input);
  return replayable(ctx, repeatable(route, request, key, input), async (as) => {
    const { status = 200, body } = await route.run(as, input);
    return { status, body };
  });
}

const repeatable = (route: Route, request: Request, key: string, { text, body }: AnyInput): Repeatable => ({
  key,
  route: `${request.method} ${new URL(request.url).pathname}`,
  body: text ?? body,
  status: Number(Object.keys(route.answers)[0]),
  place: route.changesRows ? 'rows' : 'definitions',
});
