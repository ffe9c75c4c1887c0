import { WorkflowEntrypoint, type WorkflowEvent, type WorkflowStep } from 'cloudflare:workers';
import { runGraph, type RunSteps } from '../plynx/run/run-graph';
import { openRunContext } from '../context';
import { parseInstanceId, type GraphRunParams } from '../platform/graph-runs';

/** A part of the run of one graph. The instance of the first has the graph's id, so a graph runs once. */
export class GraphRun extends WorkflowEntrypoint<Env, GraphRunParams> {
  override async run(event: Readonly<WorkflowEvent<GraphRunParams>>, step: WorkflowStep): Promise<string> {
    const { ctx, queries } = openRunContext(event.payload.origin, this.env, this.ctx);
    const { graphId, part } = parseInstanceId(event.instanceId);
    return runGraph(ctx, graphId, { part, queries, ...toSteps(step) });
  }
}

/** Milliseconds between node starts: each request takes several turns of the event loop, with other work between them. */
const TURN_MS = 20;

/** Retries failures of a store or the platform; failures of an operation are results and never retried. */
function toSteps(step: WorkflowStep): Pick<RunSteps, 'once' | 'yieldThread'> {
  let turn = Promise.resolve();
  return {
    // One after the other, so that nodes that start together do not block the thread together.
    yieldThread: () => (turn = turn.then(() => scheduler.wait(TURN_MS))),
    once: (name, timeout, work) =>
      step.do(
        name,
        { retries: { limit: 3, delay: 1000, backoff: 'exponential' }, timeout },
        work as () => Promise<never>,
      ),
  };
}
