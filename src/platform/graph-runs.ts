import { createLogger } from '../kernel/logger';
import type { GraphRuns } from '../plynx/run/graph-runs';

/** What a run is told: where it was approved, for links to what it restores. */
export interface GraphRunParams {
  origin: string;
}

const log = createLogger('plynx');

/** Runs of graphs as the platform's Workflow instances. */
export const createGraphRuns = (workflow: Workflow<GraphRunParams>): GraphRuns => ({
  start: async (graphId, origin) => {
    await workflow.create({ id: graphId, params: { origin } });
  },
  stop: async (graphId) => {
    try {
      await (await workflow.get(graphId)).terminate();
    } catch (error) {
      // It has ended meanwhile. Its row says CANCELED, which is what counts.
      log.warn('a run could not be ended', { event: 'graph_run.stop_failed', graphId, error });
    }
  },
  resume: async (graphId) => (await workflow.get(graphId)).restart(),
  isRunning: async (graphId) => {
    try {
      const { status } = await (await workflow.get(graphId)).status();
      return status !== 'errored' && status !== 'terminated' && status !== 'complete';
    } catch {
      // There is no such instance.
      return false;
    }
  },
});
