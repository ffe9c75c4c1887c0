import { expect } from 'vitest';
import { call, publish, type EndpointOptions } from './publish';

/** Counts its calls in an instance that lives on, so that a refused call can be seen not to have run. */
const COUNTER = 'let calls = 0; export default () => ++calls;';

export interface Counter {
  path: string;
  id: string;
  /** Calls the endpoint with `good`, and holds the answer against the number of calls that were let through so far. */
  expectUntouched: () => Promise<void>;
}

/** Publishes a counter. `good` is a request that its rules let through. */
export async function publishCounter(options: EndpointOptions, good: RequestInit = {}): Promise<Counter> {
  const { endpoint } = await publish(COUNTER, { instance: 'shared', ...options });
  const path = `/u/${endpoint.path}`;
  let calls = 0;
  return {
    path,
    id: endpoint.id,
    expectUntouched: async () => {
      const response = await call(path, { method: 'POST', ...good });
      expect([response.status, await response.text()]).toEqual([200, String(++calls)]);
    },
  };
}
