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
    } catch (error) {
      if (isNotFound(error)) return false;
      throw error;
    }
  },
});

/** The platform's error for an unknown instance is known by its message alone. Any other says nothing about the run. */
const isNotFound = (error: unknown): boolean => error instanceof Error && error.message.includes('instance.not_found');
