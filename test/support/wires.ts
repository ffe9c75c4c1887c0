import { adminRoutes } from '../../src/http/admin/admin.routes';
import { backupRoutes } from '../../src/http/admin/backup.routes';
import { adminWire } from '../../src/http/admin/wire';
import { instabaseRoutes } from '../../src/http/instabase/endpoints.routes';
import { instabaseWire } from '../../src/http/instabase/wire';
import type { WireRoute } from '../../src/http/wire/wire';
import { plynxRoutes } from '../../src/plynx/http/plynx.routes';
import { plynxWire } from '../../src/plynx/http/wire';

/** A route of any wire, as tests walk it. */
export interface MountedRoute {
  wire: 'admin' | 'Instabase' | 'PLynx';
  id: string;
  /** As it is sent: a route of `all` methods is asked with POST. */
  method: string;
  /** From the root, with parameters as `:name`. */
  path: string;
  policy: WireRoute<never, unknown>['policy'];
}

const mounted = (
  wire: MountedRoute['wire'],
  prefix: string,
  routes: readonly WireRoute<never, unknown>[],
): MountedRoute[] =>
  routes.map(({ id, method, path, policy }) => ({
    wire,
    id,
    method: method === 'all' ? 'POST' : method.toUpperCase(),
    path: prefix + path,
    policy,
  }));

/** Every route of the three wires, in the order in which they are mounted. */
export const MOUNTED_ROUTES: readonly MountedRoute[] = [
  ...mounted('admin', adminWire.prefix, adminRoutes),
  ...mounted('admin', adminWire.prefix, backupRoutes),
  ...mounted('Instabase', instabaseWire.prefix, instabaseRoutes),
  ...mounted('PLynx', plynxWire.prefix, plynxRoutes),
];
