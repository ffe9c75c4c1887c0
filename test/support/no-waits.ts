import { DEADLINE_MS } from '../../src/core/runs/run-recorder';

/** Sleeps for a run recorder whose waits pass at once and whose deadline never comes. */
export const noWaits = (ms: number): Promise<void> =>
  ms === DEADLINE_MS ? new Promise(() => undefined) : Promise.resolve();
