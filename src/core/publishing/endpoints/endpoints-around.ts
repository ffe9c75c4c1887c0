import type { Context } from '../../access/context';
import { completeRules } from './apply-rules';
import type { FoundEndpoint } from './get-endpoint';

/** Maximum number of endpoints that one save checks; more of them repeat the same warnings. */
const MAX_ENDPOINTS = 50;

/**
 * Lists the endpoints that run a handler's default version: those linked to it that pin no version, and those that run it as
 * middleware, on answers or on failures.
 */
export interface EndpointsAround {
  linked: FoundEndpoint[];
  attaching: FoundEndpoint[];
  /** True where there are more of them than are checked. */
  more: boolean;
}

export async function endpointsAround(
  { store }: Pick<Context, 'store'>,
  handlerPath: string,
): Promise<EndpointsAround> {
  const [linked, attaching] = await Promise.all([
    store.endpoints.list({ handler: handlerPath }, null, MAX_ENDPOINTS + 1),
    store.endpoints.attaching(handlerPath, MAX_ENDPOINTS + 1),
  ]);
  return {
    linked: linked
      .slice(0, MAX_ENDPOINTS)
      .filter(({ handlerVersion }) => handlerVersion === null)
      .map(completeRules),
    attaching: attaching.slice(0, MAX_ENDPOINTS).map(completeRules),
    more: Math.max(linked.length, attaching.length) > MAX_ENDPOINTS,
  };
}
