import type { Context } from '../../access/context';
import { completeRules } from './apply-rules';
import type { FoundEndpoint } from './get-endpoint';

/** Maximum number of endpoints that one save checks; more of them repeat the same warnings. */
const MAX_ENDPOINTS = 50;

/**
 * Lists the endpoints that run a handler's default version: those linked to it that pin no version, and those that attach it as middleware.
 */
export interface EndpointsAround {
  linked: FoundEndpoint[];
  attaching: FoundEndpoint[];
}

export async function endpointsAround(
  { store }: Pick<Context, 'store'>,
  handlerPath: string,
): Promise<EndpointsAround> {
  const [linked, attaching] = await Promise.all([
    store.endpoints.list({ handler: handlerPath }, null, MAX_ENDPOINTS),
    store.endpoints.attaching(handlerPath, MAX_ENDPOINTS),
  ]);
  return {
    linked: linked.filter(({ handlerVersion }) => handlerVersion === null).map(completeRules),
    attaching: attaching.map(completeRules),
  };
}
