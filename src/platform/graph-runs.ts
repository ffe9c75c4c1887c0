import { ApiError } from '../kernel/errors';
import { createLogger } from '../kernel/logger';
import type { GraphRuns } from '../plynx/run/graph-runs';

/** Parameters of a run: the origin of its approval, for links to restored files. */
export interface GraphRunParams {
  origin: string;
}

const log = createLogger('plynx');

/** Returns the id of the Workflow instance of a part of a run: the first one has the graph's id. */
const instanceId = (graphId: string, part: number): string => (part === 1 ? graphId : `${graphId}-${part}`);

export function parseInstanceId(instance: string): { graphId: string; part: number } {
  const [graphId, part = '1'] = instance.split('-');
  return { graphId: graphId!, part: Number(part) };
}

/**
 * How long Cloudflare keeps, and bills, what an instance that has ended stored: by default for weeks. The rows of the run have all of it, and
 * nothing resumes an instance that has failed; its state is for a person who looks for the cause.
 */
const RETENTION: WorkflowInstanceCreateOptions['retention'] = { successRetention: '1 hour', errorRetention: '3 days' };

/** Runs of graphs as the platform's Workflow instances. */
export const createGraphRuns = (workflow: Workflow<GraphRunParams>): GraphRuns => {
  const find = (graphId: string, part: number): Promise<WorkflowInstance> => workflow.get(instanceId(graphId, part));
  const isStarted = async (graphId: string, part: number): Promise<boolean> => {
    try {
      await find(graphId, part);
      return true;
    } catch (error) {
      if (isNotFound(error)) return false;
      throw error;
    }
  };
  return {
    start: async (graphId, origin) => {
      try {
        await workflow.create({ id: graphId, params: { origin }, retention: RETENTION });
      } catch (error) {
        throw isRateLimit(error) ? tooManyRuns() : error;
      }
    },
    startPart: async (graphId, part, origin) => {
      // An earlier attempt, whose response was lost, may have created it.
      if (await isStarted(graphId, part)) return false;
      await workflow.create({ id: instanceId(graphId, part), params: { origin }, retention: RETENTION });
      return true;
    },
    stop: async (graphId, part) => {
      try {
        await (await find(graphId, part)).terminate();
      } catch (error) {
        // It has ended already. The status CANCELED in its row is the one that counts.
        log.warn('cannot end a graph run', { event: 'graph_run.stop_failed', graphId, error });
      }
    },
    resume: async (graphId, part) => (await find(graphId, part)).restart(),
    isRunning: async (graphId, part) => {
      try {
        const { status } = await (await find(graphId, part)).status();
        return status !== 'errored' && status !== 'terminated' && status !== 'complete';
      } catch (error) {
        if (isNotFound(error)) return false;
        throw error;
      }
    },
  };
};

/** The platform's error for an unknown instance is known by its message alone. Any other says nothing about the run. */
const isNotFound = (error: unknown): boolean => error instanceof Error && error.message.includes('instance.not_found');

/** Cloudflare creates 100 instances of a Workflow in a second, and answers 429 to more. The binding's error has no code for it. */
const isRateLimit = (error: unknown): boolean =>
  error instanceof Error && /rate.?limit|too many requests|\b429\b/i.test(error.message);

const tooManyRuns = (): ApiError =>
  new ApiError('rate_limited', 'More graphs start at this moment than Cloudflare allows. Try again in 1 s.', {
    headers: { 'retry-after': '1' },
  });
