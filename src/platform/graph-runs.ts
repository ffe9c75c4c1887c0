import { createLogger } from '../kernel/logger';
import type { GraphRuns } from '../plynx/run/graph-runs';

/** Parameters of a run: the origin of its approval, for links to restored files. */
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
      // It has ended already. The status CANCELED in its row is the one that counts.
      log.warn('cannot end a graph run', { event: 'graph_run.stop_failed', graphId, error });
    }
  },
  resume: async (graphId) => (await workflow.get(graphId)).restart(),
  isRunning: async (graphId) => {
    try {
      const { status } = await (await workflow.get(graphId)).status();
      return status !== 'errored' && status !== 'terminated' && status !== 'complete';
    } catch {
      // No such instance exists.
      return false;
    }
  },
});
