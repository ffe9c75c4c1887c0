import { notFoundPage, share } from './answers';
import { fileRoutes } from './files.routes';
import { graphNodeRoutes } from './graph-nodes.routes';
import { graphRoutes } from './graphs.routes';
import { nodeRoutes } from './nodes.routes';
import { mountPlynx } from './route';
import { plynxSessionRoutes } from './session.routes';

/** Every route of the PLynx dialect, below PLYNX_PREFIX. */
export const plynxRoutes = [...plynxSessionRoutes, ...fileRoutes, ...nodeRoutes, ...graphNodeRoutes, ...graphRoutes];

export const plynxApp = mountPlynx(plynxRoutes).all('*', () => share(notFoundPage()));
