import { Hono } from 'hono';
import { readPlainBody } from '../../core/gateway/read-body';
import { withHint } from '../../core/identity/users/identify-actor';
import { isTooDeep } from '../../kernel/json.rules';
import { identifyBasic } from '../session/identify-basic';
import type { Context } from '../../core/access/context';
import type { Actor } from '../../core/access/actor';
import { ApiError } from '../../kernel/errors';
import type { AppEnv } from '../../http/wire/app-env';
import { expectNoForeignPage } from '../../http/wire/foreign-page';
import { noMethod, preflightResponse, share, toFailed, unauthorized } from './answers';
import { readCredentials } from './requests';

/** One request on this wire, with a context that knows who asks. */
export interface PlynxRequest {
  ctx: Context;
  request: Request;
  params: Record<string, string>;
  query: Record<string, string>;
}
type Answer = (request: PlynxRequest) => Response | Promise<Response>;

/**
 * The ways to ask for one path, by method. `open` ones need no credentials. Those `openById` need none where PLYNX_OPEN_RESOURCES is set:
 * the id in the path is one.
 */
export interface PlynxRoute {
  path: `/${string}`;
  open?: true;
  openById?: true;
  methods: Partial<Record<'GET' | 'POST' | 'PUT' | 'PATCH', Answer>>;
}

/**
 * Routes as an app: credentials first, then the method's own answer, 405 for the others. What counts without a credential is refused for pages
 * of other sites, and no other site reads its answer.
 */
export function mountPlynx(routes: PlynxRoute[]): Hono<AppEnv> {
  const app = new Hono<AppEnv>();
  for (const { path, open, openById, methods } of routes) {
    const allow = [...Object.keys(methods), 'OPTIONS'].join(', ');
    app.all(path, async (c) => {
      const answer = methods[(c.req.method === 'HEAD' ? 'GET' : c.req.method) as keyof typeof methods];
      if (c.req.method === 'OPTIONS') return share(preflightResponse(allow));
      if (!answer) return share(noMethod(allow));
      const { headers } = c.req.raw;
      let ambient = open === true;
      try {
        let { ctx } = c.var;
        const hasKey = openById === true && ctx.settings.plynxOpenResources && !headers.has('authorization');
        if (!ambient && !hasKey) {
          const actor = await identified(ctx, headers);
          if (actor.kind !== 'user') return share(unauthorized(actor.kind === 'anonymous' ? actor.hint : undefined));
          ambient = actor.passwordless === true;
          ctx = { ...ctx, actor };
        }
        if (ambient) expectNoForeignPage(headers, ctx.origin);
        const params = c.req.param() as Record<string, string>;
        const response = await answer({ ctx, request: c.req.raw, params, query: c.req.query() });
        return ambient ? response : share(response);
      } catch (error) {
        const response = toFailed(error, c.var.ctx.requestId);
        return ambient ? response : share(response);
      }
    });
  }
  return app;
}

async function identified(ctx: Context, headers: Headers): Promise<Actor> {
  const { username, password } = readCredentials(headers.get('authorization'));
  const actor = await identifyBasic(ctx, username, password);
  return actor.kind === 'user' ? actor : withHint(ctx, actor, 'plynx', asBearer(headers, username));
}

/** The name of HTTP Basic is where a token goes here. */
const asBearer = (headers: Headers, username: string): Headers =>
  /^Basic /i.test(headers.get('authorization') ?? '') ? new Headers({ authorization: `Basic ${username}` }) : headers;

/** Bytes of a JSON body: a graph of some thousand nodes. */
const JSON_BYTES = 8 * 1024 * 1024;

/** The text of a body; empty when there is none. The content type is nobody's business here. */
export async function readText(request: Request): Promise<string> {
  const body = await readPlainBody(request, JSON_BYTES);
  if (body === null) return '';
  const text = new TextDecoder().decode(body);
  if (isTooDeep(text)) throw new ApiError('json_too_deep', 'The body is nested too deeply.');
  return text;
}
