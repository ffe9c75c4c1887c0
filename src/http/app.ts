import { Hono } from 'hono';
import type { Context } from '../core/access/context';
import { ApiError } from '../kernel/errors';
import { newId } from '../kernel/ids';
import { adminRoutes } from './admin/admin.routes';
import { backupRoutes } from './admin/backup.routes';
import { adminWire } from './admin/wire';
import { dispatchRequest, isDispatch, rawPath } from './dispatch/dispatch.routes';
import { SAFE_HEADERS } from './wire/errors';
import { mountMcp } from './mcp/mcp.routes';
import { mountInstabase } from './instabase/mount';
import { instabaseWire } from './instabase/wire';
import { describeApi } from './openapi';
import { mountSchemas } from './schemas';
import { mountConsole } from './console.routes';
import { mountPages, respondNotFound } from './pages';
import { mountPlynx } from '../plynx/http/plynx.routes';
import { plynxWire } from '../plynx/http/wire';
import { mountRoutes, type AppEnv } from './wire/wire';

export type OpenContext = (request: Request, env: Env, execution: Pick<ExecutionContext, 'waitUntil'>) => Context;

let openApiDocument: object | undefined;
/** Built on first use; only its `servers` differ between requests. */
const openApi = (origin: string): object => ({
  ...(openApiDocument ??= describeApi()),
  servers: [{ url: origin }],
});

type Fetch = (request: Request, env: Env, execution: ExecutionContext) => Response | Promise<Response>;

/** Builds the handler of all requests. Throws when a route has no policy: such a Worker does not start. */
export function createApp(openContext: OpenContext): Fetch {
  const app = mountWires(openContext);
  return (request, env, execution) =>
    isDispatch(request.url)
      ? dispatchRequest(() => openContext(request, env, execution), request)
      : app.fetch(request, env, execution);
}

/** Renders a failure that occurs before a request has reached its wire, in the format of that wire. */
function renderEarly(path: string, error: unknown, requestId: string): Response {
  const wire = [instabaseWire, plynxWire].find(({ prefix }) => path.startsWith(prefix)) ?? adminWire;
  return wire.renderError(error, { requestId, isAmbient: true });
}

/**
 * A page of any site can point a host name of its own to the address of this service (DNS rebinding): under an unknown name only public
 * endpoints answer.
 */
const misdirected = (url: string): ApiError =>
  new ApiError(
    'misdirected',
    `This service does not answer at ${new URL(url).host.slice(0, 260)}. Use one of its own names, or add this one to the setting PUBLIC_HOSTS.`,
  );

function mountWires(openContext: OpenContext): Hono<AppEnv> {
  const app = new Hono<AppEnv>();
  app.use(async (c, next) => {
    const ctx = openContext(c.req.raw, c.env, c.executionCtx);
    c.set('ctx', ctx);
    if (!ctx.isOwnHost) throw misdirected(c.req.raw.url);
    await next();
  });
  mountInstabase(app);
  mountMcp(app);
  mountPlynx(app);
  app.get('/health', (c) => {
    const { release } = c.var.ctx.settings;
    return c.json({ status: 'ok', ...(release !== null && { release }) }, 200, SAFE_HEADERS);
  });
  app.get('/openapi.json', (c) => c.json(openApi(c.var.ctx.origin), 200, SAFE_HEADERS));
  mountSchemas(app);
  mountPages(app);
  mountConsole(app);
  mountRoutes(app, adminWire, adminRoutes);
  mountRoutes(app, { ...adminWire, isDocumented: false }, backupRoutes);
  app.notFound((c) => respondNotFound(c.var.ctx, c.req.raw, c.env.ASSETS));
  app.onError((error, c) => {
    // The context is missing when opening it failed, for example because of an invalid setting.
    const requestId = (c.var.ctx as Context | undefined)?.requestId ?? newId('req');
    return renderEarly(rawPath(c.req.raw.url), error, requestId);
  });
  return app;
}
