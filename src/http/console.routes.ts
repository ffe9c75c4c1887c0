import type { Hono } from 'hono';
import { ApiError } from '../kernel/errors';
import { randomText } from '../kernel/ids';
import type { AppEnv } from './wire/wire';
import { respondNotFound } from './pages';

/** Files below it have a hash of their contents in their name. */
const ASSETS = '/console/assets/';
/** Stands in index.html where the nonce of a response goes. */
const NONCE_MARK = 'portico-nonce';
const YEAR = 'public, max-age=31536000, immutable';

/** The console runs its own files and connects to this service. Nothing inline counts without the nonce, and no text becomes script. */
const policyOf = (nonce: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "worker-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "frame-src 'self' blob:",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types portico-worker',
  ].join('; ');

const headersOf = (nonce: string): Record<string, string> => ({
  'content-type': 'text/html; charset=utf-8',
  // The nonce is for one response.
  'cache-control': 'no-store',
  'content-security-policy': policyOf(nonce),
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
});

/**
 * Mounts the console: a file below /console/assets/, or else its one page, which shows the screen of the address. scripts/build-console.ts
 * makes both.
 */
export function mountConsole(app: Hono<AppEnv>): void {
  app.get('/console', (c) => c.redirect('/console/', 301));
  app.get('/console/*', async (c) => {
    const { pathname } = new URL(c.req.url);
    const isAsset = pathname.startsWith(ASSETS);
    // Another file of dist/assets would come under an address of the console.
    const found = await c.env.ASSETS.fetch(new URL(isAsset ? pathname : '/console/', c.req.url));
    if (!found.ok) return isAsset ? respondNotFound(c.var.ctx, c.req.raw, c.env.ASSETS) : notBuilt();
    if (isAsset) return serveAsset(found);
    const nonce = randomText(22);
    return new Response((await found.text()).replaceAll(NONCE_MARK, nonce), { headers: headersOf(nonce) });
  });
}

const serveAsset = ({ body, headers }: Response): Response =>
  new Response(body, {
    headers: {
      'content-type': headers.get('content-type') ?? 'application/octet-stream',
      'cache-control': YEAR,
      'cross-origin-resource-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
    },
  });

function notBuilt(): never {
  throw new ApiError('not_found', 'This service has no console: build it with `npm run build`.');
}
