import type { Actor } from '../../core/access/actor';
import type { Context } from '../../core/access/context';
import type { CredentialPlace } from '../../core/identity/tokens/explain-credential';
import { identifyToken } from '../../core/identity/tokens/identify-token';
import { identifyActor, withHint } from '../../core/identity/users/identify-actor';
import { ApiError, quoted } from '../../kernel/errors';
import { toApiError } from '../wire/errors';
import { readUntypedJson } from '../wire/json-body';
import { parseInput, parseText, queryPairs } from '../wire/parse';
import { renderAnswer } from '../wire/render';
import type { AnyInput, Route, RouteAnswer } from '../wire/route';
import type { Received, Wire } from '../wire/wire';
import { toInstabaseError } from './errors';
import { INSTABASE_PREFIX } from './forms';

/** Instabase's API of endpoints: named tokens, JSON under any content type, and its own error format. */
export const instabaseWire: Wire<Route, AnyInput, RouteAnswer> = {
  prefix: INSTABASE_PREFIX,
  isDocumented: true,
  identify,
  parse,
  render: renderAnswer,
  renderError: (error, { requestId }) => toInstabaseError(toApiError(error, requestId), requestId).response,
};

const PLACE: CredentialPlace = {
  takes:
    'To manage endpoints here, send a named token of POST /admin/tokens, or the accessToken of POST /admin/session.',
  kinds: ['accessToken', 'namedToken'],
  schemes: ['bearer'],
};

/** Returns the actor: a signed-in user, or a named token. */
async function identify(ctx: Context, headers: Headers): Promise<Actor> {
  const authorization = headers.get('authorization');
  const actor = await identifyActor(ctx, authorization);
  if (actor.kind !== 'anonymous') return actor;
  const asked = await withHint(ctx, await identifyToken(ctx, authorization), PLACE, headers);
  return asked.kind === 'anonymous' ? { hint: TO_SEND[asked.credential], ...asked } : asked;
}

const TO_SEND = {
  none: 'Send a named token of POST /admin/tokens, as Authorization: Bearer <token>.',
  invalid: 'The token is invalid or has expired. Send a named token of POST /admin/tokens.',
} as const;

/** Parses the inputs that the route declares and ignores others, such as a query on a route without filters. */
async function parse(_ctx: Context, route: Route, { request, params }: Received): Promise<AnyInput> {
  return {
    params: route.params ? parseText(route.params, params, '#/path') : undefined,
    query: route.query ? parseText(route.query, readFilters(request.url), '#/query') : undefined,
    body: route.body ? parseInput(route.body, await readUntypedJson(request)) : undefined,
    text: undefined,
    bytes: undefined,
    ifMatch: undefined,
    bearer: null,
    lastEventId: null,
  };
}

/** Returns the filters of a query. Ignores names without a value, as in the document's syntax line with nothing filled in. */
function readFilters(url: string): Record<string, string> {
  const given = queryPairs(url).filter(([, value]) => value !== '');
  const names = given.map(([name]) => name);
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined) throw new ApiError('invalid_parameter', `${quoted(twice)} is given twice.`);
  return Object.fromEntries(given);
}
