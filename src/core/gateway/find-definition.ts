import type { Context } from '../access/context';
import { isLiteral } from '../publishing/endpoints/endpoint-path.rules';
import { ApiError } from '../../kernel/errors';
import type { Definition } from './definition';
import { matchRoute, routeFor, type Match, type PathRoute, type Router } from './router.rules';

/** The same error for an unknown path, an inactive endpoint and a malformed path. */
const noEndpoint = (): ApiError => new ApiError('not_found', 'Endpoint not found.');

/** The endpoint of a call, and what its target says about the call. */
export interface Found {
  definition: Definition;
  /** The methods of all endpoints at the path, as the value of `Allow`. */
  allow: string;
  /** Segments in the places of the path's names, as sent. */
  named: readonly string[];
  subpath: string;
}

/** Returns the first segment of a target after `/u/`. Percent signs and dots stay as sent, so `..%2f` is not a segment. */
export function rootOfTarget(target: string): string {
  const slash = target.indexOf('/');
  return slash === -1 ? target : target.slice(0, slash);
}

/**
 * Finds the active endpoint of a target and method; without one for the method, another endpoint of the path, to refuse the call. Throws 404
 * for an unknown path; a malformed one costs no store read. Throws 429 for a network that keeps calling unknown first segments, unless the
 * isolate cache has them. Returns without a promise when the cache has all it needs.
 */
export function findDefinition(ctx: Context, target: string, method: string): Found | Promise<Found> {
  const root = rootOfTarget(target);
  if (!isLiteral(root)) throw noEndpoint();
  const { routes, unknownPaths } = ctx.cache;
  const now = ctx.now();
  if (unknownPaths.isOn(now) && !routes.has(root, now)) unknownPaths.check(ctx.address, now);
  const router = routes.get(root, now, ctx.defer);
  if (!(router instanceof Promise)) return findIn(ctx, router, target, method);
  return router.then((loaded) => {
    if (loaded === null) unknownPaths.count(ctx.address, ctx.now());
    return findIn(ctx, loaded, target, method);
  });
}

function findIn(ctx: Context, router: Router | null, target: string, method: string): Found | Promise<Found> {
  const match = router && matchRoute(router, target);
  if (match === null) throw noEndpoint();
  const route = routeFor(match.table, method) ?? match.table.first;
  const definition = ctx.cache.definitions.get(route.id, ctx.now(), ctx.defer);
  if (definition instanceof Promise || definition?.path !== route.path)
    return reconcile(ctx, route, definition).then((current) => accept(current, match));
  return accept(definition, match);
}

/**
 * Routes and definitions are read at different times. Reads a definition again that is older than the route and has another path; a newer one
 * has left this path.
 */
async function reconcile(
  ctx: Context,
  route: PathRoute,
  reading: Definition | null | Promise<Definition | null>,
): Promise<Definition | null> {
  const definition = await reading;
  if (definition === null || definition.path === route.path) return definition;
  const current =
    definition.revision < route.revision
      ? await ctx.cache.definitions.reload(route.id, ctx.now(), ctx.defer)
      : definition;
  return current?.path === route.path ? current : null;
}

/** A trailing slash is not a subpath: some clients add one. */
function accept(definition: Definition | null, { table, values, subpath }: Match): Found {
  if (definition === null || !definition.active || (subpath.length > 1 && !definition.subpaths)) throw noEndpoint();
  return { definition, allow: table.allow, named: values, subpath: definition.subpaths ? subpath : '' };
}
