import type { Actor } from '../../core/access/actor';
import type { Context } from '../../core/access/context';
import { readPlainBody } from '../../core/gateway/read-body';
import type { CredentialPlace } from '../../core/identity/tokens/explain-credential';
import { withHint } from '../../core/identity/users/identify-actor';
import type { Received, Wire, WireRoute } from '../../http/wire/wire';
import { ApiError } from '../../kernel/errors';
import { isTooDeep } from '../../kernel/json.rules';
import { identifyBasic } from '../session/identify-basic';
import { LOGIN, share, toFailed } from './answers';
import { PLYNX_PREFIX } from './forms';
import { readCredentials, readObject } from './requests';

/** One request on this wire. */
export interface PlynxRequest {
  request: Request;
  params: Record<string, string>;
  query: URLSearchParams;
  /** The JSON object of a route that takes one; empty on others. */
  body: Record<string, unknown>;
}

export interface PlynxRoute extends WireRoute<PlynxRequest, Response> {
  /** True where the body is a JSON object, read before the route runs. */
  takesObject?: true;
}

/** PLynx's API: HTTP Basic, JSON under any content type, and responses that any page may read, except those to ambient requests. */
export const plynxWire: Wire<PlynxRoute, PlynxRequest, Response> = {
  prefix: PLYNX_PREFIX,
  isDocumented: false,
  identify,
  parse,
  render: (response, { isAmbient }) => (isAmbient ? response : share(response)),
  renderError: (error, { requestId, isAmbient }) => {
    const response = toFailed(error, requestId);
    return isAmbient ? response : share(response);
  },
};

export const PLYNX_PLACE: CredentialPlace = {
  takes: "PLynx's API takes HTTP Basic: a name and password, or a token of GET /token as the name.",
  kinds: ['graphToken'],
  schemes: ['basic'],
};

/**
 * Returns the user of HTTP Basic. An anonymous actor has PLynx's sentence as its hint, followed by Portico's for a credential sent in the
 * wrong place.
 */
async function identify(ctx: Context, headers: Headers): Promise<Actor> {
  const { username, password } = readCredentials(headers.get('authorization'));
  const actor = await identifyBasic(ctx, username, password);
  if (actor.kind !== 'anonymous') return actor;
  const asked = await withHint(ctx, actor, PLYNX_PLACE, asBearer(headers, username));
  const hint = asked.kind === 'anonymous' ? asked.hint : undefined;
  return { ...actor, hint: hint === undefined ? LOGIN : `${LOGIN}. ${hint}` };
}

/** A token goes into the name of HTTP Basic. */
const asBearer = (headers: Headers, username: string): Headers =>
  /^Basic /i.test(headers.get('authorization') ?? '') ? new Headers({ authorization: `Basic ${username}` }) : headers;

async function parse(_ctx: Context, route: PlynxRoute, { request, params }: Received): Promise<PlynxRequest> {
  const query = new URL(request.url).searchParams;
  if (!route.takesObject) return { request, params, query, body: {} };
  const body = readObject(await readText(request));
  if (body.kind === 'refused') throw new ApiError('invalid_json', body.message);
  return { request, params, query, body: body.value };
}

/** Maximum bytes of a JSON body: a graph of several thousand nodes. */
const JSON_BYTES = 8 * 1024 * 1024;

/** Returns the text of a body of any content type; empty when there is none. */
export async function readText(request: Request): Promise<string> {
  const body = await readPlainBody(request, JSON_BYTES);
  if (body === null) return '';
  const text = new TextDecoder().decode(body);
  if (isTooDeep(text)) throw new ApiError('json_too_deep', 'The body is nested too deeply.');
  return text;
}
