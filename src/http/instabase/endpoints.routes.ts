import { Hono, type Context as HonoContext } from 'hono';
import type { Context } from '../../core/access/context';
import type { Actor } from '../../core/access/actor';
import { dispatch } from '../../core/gateway/dispatch';
import { readQuery } from '../../core/gateway/urlencoded';
import { createEndpoint } from '../../core/publishing/endpoints/create-endpoint';
import { deleteEndpoint } from '../../core/publishing/endpoints/delete-endpoint';
import { expectRequestHandler } from '../../core/publishing/endpoints/expect-request-handler';
import { findEndpoints } from '../../core/publishing/endpoints/find-endpoints';
import { getEndpoint } from '../../core/publishing/endpoints/get-endpoint';
import { updateEndpoint } from '../../core/publishing/endpoints/update-endpoint';
import { ApiError, quoted } from '../../kernel/errors';
import { invalidField } from '../../kernel/issues';
import { identifyToken } from '../../core/identity/tokens/identify-token';
import { authorize, type Permission } from '../../core/access/permissions';
import { identifyActor, withHint } from '../../core/identity/users/identify-actor';
import type { AppEnv } from '../wire/app-env';
import { rawPath } from '../dispatch/dispatch.routes';
import { SAFE_HEADERS, toApiError } from '../wire/errors';
import { readUntypedJson } from '../wire/json-body';
import { parseBody, parseText } from '../wire/route';
import { toInstabaseError } from './errors';
import {
  CreateBody,
  INSTABASE_PREFIX,
  EndpointIdParams,
  ListQuery,
  toCreateInput,
  toInstabaseEntry,
  toFilter,
  toLine,
  toUpdateInput,
  UpdateBody,
} from './forms';

const TRIGGER = `${INSTABASE_PREFIX}/u/`;

type Req = HonoContext<AppEnv>;

/** Returns who manages: somebody who signed in, or a named token. */
async function identifyManager(ctx: Context, headers: Headers): Promise<Actor> {
  const authorization = headers.get('authorization');
  const actor = await identifyActor(ctx, authorization);
  if (actor.kind !== 'anonymous') return actor;
  const asked = await withHint(ctx, await identifyToken(ctx, authorization), 'instabase', headers);
  return asked.kind === 'anonymous' ? { hint: TO_SEND[asked.credential], ...asked } : asked;
}

const TO_SEND = {
  none: 'Send a named token of POST /admin/tokens, as Authorization: Bearer <token>.',
  invalid: 'The token is not valid here, or no longer. Send a named token of POST /admin/tokens.',
} as const;

/** A route for those whose roles permit `action`; a stranger learns nothing from what else is wrong with a request. */
const manage =
  (action: Permission, answer: (ctx: Context, c: Req) => Promise<Response>) =>
  async (c: Req): Promise<Response> => {
    const base = c.var.ctx;
    const ctx = { ...base, actor: await identifyManager(base, c.req.raw.headers) };
    authorize(ctx, action);
    return answer(ctx, c);
  };

const toAnswer = (
  ctx: Context,
  body: unknown,
  init: ResponseInit & { headers?: Record<string, string> } = {},
): Response =>
  Response.json(body, { ...init, headers: { ...SAFE_HEADERS, 'x-request-id': ctx.requestId, ...init.headers } });

const idOf = (c: Req): string => c.req.param('id')!;

/** An id may be repeated in the body. It does not change: runs, audit and keys hang on it. */
function expectSameId(c: Req, id: string | undefined): void {
  if (id !== undefined && id !== idOf(c))
    throw invalidField('id', 'different', 'is not the one in the URL, and does not change');
}

/** The state of a GET may be repeated; `enabled` is what changes it. */
async function expectSameState(ctx: Context, c: Req, state: string): Promise<void> {
  if (state !== toInstabaseEntry(toLine(await getEndpoint(ctx, idOf(c)))).state)
    throw invalidField('state', 'read_only', 'is changed by enabled: true or false');
}

/** The message of the document stands beside the status, the body has the id alone: so it goes into a header and the reason phrase. */
const create = manage('endpoint.write', async (ctx, c) => {
  const { id } = parseText(EndpointIdParams, { id: idOf(c) }, '#/path');
  const body = parseBody(CreateBody, await readUntypedJson(c.req.raw));
  expectSameId(c, body.id);
  await expectRequestHandler(ctx, body.handler_script_path);
  const { path } = await createEndpoint(ctx, toCreateInput(body), id);
  const message = `Endpoint handler is created at u/${path}`;
  return toAnswer(ctx, { id }, { status: 201, statusText: message, headers: { 'x-portico-message': message } });
});

const update = manage('endpoint.operate', async (ctx, c) => {
  const body = parseBody(UpdateBody, await readUntypedJson(c.req.raw));
  expectSameId(c, body.id);
  if (body.state !== undefined) await expectSameState(ctx, c, body.state);
  if (body.handler_script_path !== undefined) await expectRequestHandler(ctx, body.handler_script_path);
  const { id } = await updateEndpoint(ctx, idOf(c), toUpdateInput(body), null);
  return toAnswer(ctx, { id });
});

const list = manage('endpoint.read', async (ctx, c) => {
  const query = parseText(ListQuery, readFilters(readQuery(new URL(c.req.url).search.slice(1))), '#/query');
  const found = await findEndpoints(ctx, toFilter(query), query.offset, query.limit ?? null);
  return toAnswer(ctx, { id: query.id ?? '', endpoints: found.map(toInstabaseEntry) });
});

/** A name without a value, as in the document's syntax line with nothing filled in, is no filter. */
function readFilters(search: URLSearchParams): Record<string, string> {
  const given = [...search].filter(([, value]) => value !== '');
  const names = given.map(([name]) => name);
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined) throw new ApiError('invalid_parameter', `${quoted(twice)} is given twice.`);
  return Object.fromEntries(given);
}

/** `{}`: the document's own example reads the answer of a deletion as JSON. */
const remove = manage('endpoint.write', async (ctx, c) => {
  await deleteEndpoint(ctx, idOf(c), null);
  return toAnswer(ctx, {});
});

const show = manage('endpoint.read', async (ctx, c) =>
  toAnswer(ctx, toInstabaseEntry(toLine(await getEndpoint(ctx, idOf(c))))),
);

const refuseMethod = manage('endpoint.read', () => {
  const headers = { allow: 'GET, PUT, PATCH, DELETE' };
  throw new ApiError(
    'method_not_allowed',
    'An endpoint is read with GET, made with PUT, changed with PATCH, deleted with DELETE.',
    { headers },
  );
});

/** What follows the prefix; empty, which is no endpoint, where only a decoded path would have it. */
function targetOf(url: string): string {
  const path = rawPath(url);
  return path.startsWith(TRIGGER) ? path.slice(TRIGGER.length) : '';
}

export const instabaseRoutes = new Hono<AppEnv>()
  .get('/list', list)
  .get('/:id', show)
  .put('/:id', create)
  .patch('/:id', update)
  .delete('/:id', remove)
  .all('/:id', refuseMethod)
  .all('/u/*', (c) => dispatch(c.var.ctx, c.req.raw, targetOf(c.req.raw.url), { render: toInstabaseError }))
  .all('/*', () => {
    throw new ApiError('not_found', 'There is nothing here.');
  });

instabaseRoutes.onError((error, c) => toInstabaseError(toApiError(error, c.var.ctx.requestId), c.var.ctx.requestId));
