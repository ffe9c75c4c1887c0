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
  dispatch(c.var.ctx, c.req.raw, c.req.path.slice(PREFIX.length), wire),
);
