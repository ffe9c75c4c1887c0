import type { Hono } from 'hono';
import type { Context } from '../core/access/context';
import { ApiError } from '../kernel/errors';
import { REFERENCE_POLICY } from './dispatch/description.routes';
import type { AppEnv } from './wire/wire';
import { SAFE_HEADERS, toProblem } from './wire/errors';

/** All other pages run no scripts. */
const PAGE_POLICY =
  "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const REFERENCE = '/docs/';

/** Returns the response to a program that requests /. `origin` is the service's own. */
const linksOf = (origin: string): object => ({
  name: 'Portico',
  links: {
    console: `${origin}/console/`,
    reference: `${origin}${REFERENCE}`,
    guides: `${origin}/docs/guides/`,
    openapi: `${origin}/openapi.json`,
    description: `${origin}/u/openapi.json`,
    endpointSchema: `${origin}/schemas/endpoint.json`,
    workflowSchema: `${origin}/workflow.schema.json`,
    health: `${origin}/health`,
    endpoints: `${origin}/u/{path}`,
  },
});

/** Returns true for a browser that opens an address: programs accept JSON, or anything. */
const isBrowser = (request: Request): boolean => /^[^,]*text\/html/.test(request.headers.get('accept') ?? '');

interface Page {
  /** Below dist/assets, without .html. */
  path: string;
  policy: string;
  /** Replaces the status of the assets' response. */
  status?: number;
}

/** Answers with a page of dist/assets. Returns null when there is none. */
async function readPage({ path, policy, status }: Page, request: Request, assets: Fetcher): Promise<Response | null> {
  const page = await assets.fetch(new Request(new URL(path, request.url), request));
  if (page.status === 404) return null;
  const headers = new Headers(page.headers);
  headers.set('content-security-policy', policy);
  headers.set('x-content-type-options', 'nosniff');
  headers.set('referrer-policy', 'no-referrer');
  return new Response(page.body, { status: status ?? page.status, headers });
}

/** Mounts the overview at /, the API reference at /docs/, the guides below it, and the icon. */
export function mountPages(app: Hono<AppEnv>): void {
  app.get('/', async (c) => {
    const page = isBrowser(c.req.raw) ? await readPage(FRONT, c.req.raw, c.env.ASSETS) : null;
    const answer = page ?? c.json(linksOf(c.var.ctx.origin), 200, SAFE_HEADERS);
    answer.headers.set('vary', 'accept');
    return answer;
  });
  app.on('GET', ['/favicon.svg', '/favicon.ico'], async (c) => {
    const icon = await readPage(ICON, c.req.raw, c.env.ASSETS);
    return icon ?? respondNotFound(c.var.ctx, c.req.raw, c.env.ASSETS);
  });
  app.get('/docs', (c) => c.redirect(REFERENCE, 301));
  app.get('/docs/*', async (c) => {
    const path = new URL(c.req.url).pathname;
    const policy = path === REFERENCE ? REFERENCE_POLICY : PAGE_POLICY;
    const page = await readPage({ path, policy }, c.req.raw, c.env.ASSETS);
    return page ?? respondNotFound(c.var.ctx, c.req.raw, c.env.ASSETS);
  });
}

/** Answers an unknown address: a page for a browser, a problem for a program. */
export async function respondNotFound({ requestId }: Context, request: Request, assets: Fetcher): Promise<Response> {
  const page = isBrowser(request) && request.method === 'GET' ? await readPage(MISSING, request, assets) : null;
  return page ?? toProblem(new ApiError('not_found', 'Not found. GET / has links to everything.'), requestId).response;
}

const FRONT: Page = { path: '/docs/front', policy: PAGE_POLICY };
const ICON: Page = { path: '/docs/favicon.svg', policy: PAGE_POLICY };
const MISSING: Page = { path: '/docs/not-found', policy: PAGE_POLICY, status: 404 };
