import type { EndpointRules } from './endpoint.schema';

/** A handler that an endpoint runs beside its own. */
export interface Attachment {
  path: string;
  /** JSON pointer into the endpoint. */
  pointer: string;
}

/** Returns the handlers that run on an answer or a failure of an endpoint. */
export const attachedHandlers = ({ response, onError }: Pick<EndpointRules, 'response' | 'onError'>): Attachment[] => [
  ...response.after.map((path, index) => ({ path, pointer: `#/response/after/${index}` })),
  ...(onError === null ? [] : [{ path: onError, pointer: '#/onError' }]),
];

/** Returns the paths of all handlers that an endpoint runs beside its own, middleware included. */
export const attachedPaths = (rules: Pick<EndpointRules, 'response' | 'onError' | 'middleware'>): string[] => [
  ...new Set([...rules.middleware.map(({ handler }) => handler), ...attachedHandlers(rules).map(({ path }) => path)]),
];
