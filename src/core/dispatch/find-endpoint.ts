import type { Context } from '../context';
import { isEndpointPath } from '../endpoint/endpoint.schema';
import { Fault } from '../errors';
import type { Definition } from './definition';

/** One and the same answer for what is unknown, switched off, or no path at all. */
const noEndpoint = (): Fault => new Fault('not_found', 'There is no endpoint here.');

export interface Target {
  path: string;
  /** What follows the path: empty, or starting with a slash. */
  rest: string;
}

/** Splits what follows `/u/`. Percent signs and dots stay as they were sent, so `..%2f` is no path. */
export function readTarget(text: string): Target {
  const slash = text.indexOf('/');
  return slash === -1 ? { path: text, rest: '' } : { path: text.slice(0, slash), rest: text.slice(slash) };
}

/** The active endpoint of a target. 404 for everything else; a malformed path costs no store read. */
export function findEndpoint(ctx: Context, { path, rest }: Target): Definition | Promise<Definition> {
  if (!isEndpointPath(path)) throw noEndpoint();
  const found = ctx.memory.definitions.get(path, ctx.now(), ctx.defer);
  return found instanceof Promise ? found.then((definition) => accept(definition, rest)) : accept(found, rest);
}

function accept(definition: Definition | null, rest: string): Definition {
  if (definition === null || !definition.active || (rest !== '' && !definition.subpaths)) throw noEndpoint();
  return definition;
}
