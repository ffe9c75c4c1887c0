import type { Context } from '../access/context';
import { isEndpointPath } from '../publishing/endpoints/endpoint.schema';
import { ApiError } from '../../kernel/errors';
import type { Definition } from './definition';

/** One and the same answer for what is unknown, switched off, or no path at all. */
const noEndpoint = (): ApiError => new ApiError('not_found', 'There is no endpoint here.');

export interface Target {
  path: string;
  /** What follows the path: empty, or starting with a slash. */
  subpath: string;
}

/** Splits what follows `/u/`. Percent signs and dots stay as they were sent, so `..%2f` is no path. */
export function readTarget(text: string): Target {
  const slash = text.indexOf('/');
  return slash === -1 ? { path: text, subpath: '' } : { path: text.slice(0, slash), subpath: text.slice(slash) };
}

/**
 * The active endpoint of a target. 404 for everything else; a malformed path costs no store read. 429 for a network that keeps asking
 * for paths which are not there, unless memory has the answer.
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

/** A slash at the end is no path below: some clients add one. */
function accept(definition: Definition | null, subpath: string): Definition {
  if (definition === null || !definition.active || (subpath.length > 1 && !definition.subpaths)) throw noEndpoint();
  return definition;
}
