import type { HandlerTypes } from './handler.queries';

/** Returns the endpoint of a handler that the address names, else the newest one; null for none. */
export const chosenEndpoint = <E extends Pick<HandlerTypes['endpoints'][number], 'id'>>(
  endpoints: readonly E[],
  named: string | undefined,
): E | null => endpoints.find(({ id }) => id === named) ?? endpoints[0] ?? null;
