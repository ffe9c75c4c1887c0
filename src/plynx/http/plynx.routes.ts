import type { Hono } from 'hono';
import { mountRoutes, type AppEnv } from '../../http/wire/wire';
import { noMethod, notFoundPage, preflightResponse, share } from './answers';
import { fileRoutes } from './files.routes';
import { PLYNX_PREFIX } from './forms';
import { graphNodeRoutes } from './graph-nodes.routes';
import { graphRoutes } from './graphs.routes';
import { nodeRoutes } from './nodes.routes';
import { plynxSessionRoutes } from './session.routes';
import { plynxWire } from './wire';

/** Every route of the PLynx dialect, below PLYNX_PREFIX. */
export const plynxRoutes = [...plynxSessionRoutes, ...fileRoutes, ...nodeRoutes, ...graphNodeRoutes, ...graphRoutes];

/** Mounts the PLynx dialect: its routes, then the responses of their paths to other methods, and a page for every other path. */
export function mountPlynx(app: Hono<AppEnv>): void {
  mountRoutes(app, plynxWire, plynxRoutes);
  for (const path of new Set(plynxRoutes.map((route) => route.path))) {
    const methods = plynxRoutes.filter((route) => route.path === path).map(({ method }) => method.toUpperCase());
    const allow = [...methods, 'OPTIONS'].join(', ');
    app.all(PLYNX_PREFIX + path, ({ req }) =>
      share(req.method === 'OPTIONS' ? preflightResponse(allow) : noMethod(allow)),
    );
  }
  app.all(`${PLYNX_PREFIX}/*`, () => share(notFoundPage()));
}
