import type { Hono } from 'hono';
import { dispatch } from '../../core/gateway/dispatch';
import { ApiError } from '../../kernel/errors';
import { rawPath } from '../dispatch/dispatch.routes';
import { mountRoutes, type AppEnv } from '../wire/wire';
import { instabaseRoutes } from './endpoints.routes';
import { toInstabaseError } from './errors';
import { INSTABASE_PREFIX } from './forms';
import { instabaseWire } from './wire';

const TRIGGER = `${INSTABASE_PREFIX}/u/`;

/** Returns the path after the prefix; empty, so no endpoint, where only the decoded path has the prefix. */
function targetOf(url: string): string {
  const path = rawPath(url);
  return path.startsWith(TRIGGER) ? path.slice(TRIGGER.length) : '';
}

/** Mounts the Instabase dialect: management, and calls of published endpoints under the rules of the endpoint. */
export function mountInstabase(app: Hono<AppEnv>): void {
  mountRoutes(app, instabaseWire, instabaseRoutes);
  app.all(`${TRIGGER}*`, (c) => dispatch(c.var.ctx, c.req.raw, targetOf(c.req.raw.url), toInstabaseError));
  app.all(
    `${INSTABASE_PREFIX}/*`,
    ({ var: { ctx } }) => toInstabaseError(new ApiError('not_found', 'Not found.'), ctx.requestId).response,
  );
}
