import { Hono } from 'hono';
import type { Wire } from '../core/dispatch/call';
import { dispatch } from '../core/dispatch/dispatch';
import type { AppEnv } from './app-env';
import { toProblem } from './errors';

/** Published endpoints on the native wire. */
const wire: Wire = { render: toProblem };
const PREFIX = '/u/';

/** `ANY /u/<path>`: the path is taken from the URL as it was sent, not as a router would decode it. */
export const dispatchRoutes = new Hono<AppEnv>().all('/*', (c) =>
  dispatch(c.var.ctx, c.req.raw, targetOf(c.req.raw.url), wire),
);

/** What follows the prefix; empty, which is no endpoint, where only a decoded path would have it. */
function targetOf(url: string): string {
  const path = url.slice(url.indexOf('/', url.indexOf('//') + 2)).split(/[?#]/, 1)[0]!;
  return path.startsWith(PREFIX) ? path.slice(PREFIX.length) : '';
}
