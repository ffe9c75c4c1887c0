import type { Context } from '../access/context';
import { isEndpointPath } from '../publishing/endpoints/endpoint.schema';
import { ApiError } from '../../kernel/errors';
import type { Definition } from './definition';

/** The same error for an unknown path, an inactive endpoint and a malformed path. */
const noEndpoint = (): ApiError => new ApiError('not_found', 'Endpoint not found.');

export interface Target {
  path: string;
  /** The rest of the path: empty, or starting with a slash. */
  subpath: string;
}

/** Splits the target after `/u/`. Percent signs and dots stay as sent, so `..%2f` is not a path. */
export function readTarget(text: string): Target {
  const slash = text.indexOf('/');
  return slash === -1 ? { path: text, subpath: '' } : { path: text.slice(0, slash), subpath: text.slice(slash) };
}

/**
 * Finds the active endpoint of a target. Throws 404 otherwise; a malformed path costs no store read. Throws 429 for a network that keeps
 * calling unknown paths, unless the isolate cache has the definition.
 */
export function findDefinition(ctx: Context, { path, subpath }: Target): Definition | Promise<Definition> {
  if (!isEndpointPath(path)) throw noEndpoint();
  const { definitions, unknownPaths } = ctx.cache;
  const now = ctx.now();
  if (unknownPaths.isOn(now) && !definitions.has(path, now)) unknownPaths.check(ctx.address, now);
  const found = definitions.get(path, now, ctx.defer);
  if (!(found instanceof Promise)) return accept(found, subpath);
  return found.then((definition) => {
    if (definition === null) unknownPaths.count(ctx.address, ctx.now());
    return accept(definition, subpath);
  });
}

/** A trailing slash is not a subpath: some clients add one. */
function accept(definition: Definition | null, subpath: string): Definition {
  if (definition === null || !definition.active || (subpath.length > 1 && !definition.subpaths)) throw noEndpoint();
  return definition;
}
