import { WorkerEntrypoint } from 'cloudflare:workers';
import { hostCall } from '../core/host/host-call';
import { OPERATIONS } from '../core/host/operations';
import { openSystemContext } from '../open-context';

/** Whose rights an isolate's calls have: set when the isolate is loaded, out of the handler's reach. */
export interface HostProps {
  executorId: string;
  /** Whose handler runs in the isolate. */
  endpointId: string;
}

/** What Portico lends to an isolate: one method, text in and text out, so that nothing can be smuggled through it. */
export class HostApi extends WorkerEntrypoint<Env, HostProps> {
  async send(op: string, args: string): Promise<string> {
    const ctx = openSystemContext(this.env, this.ctx);
    const { executorId, endpointId } = this.ctx.props;
    const executor = await ctx.store.users.get(executorId);
    if (!executor?.active)
      return JSON.stringify({
        error: { code: 'executor_disabled', message: 'the executor of this endpoint is disabled' },
      });
    const { id, name, roles } = executor;
    const actor = { type: 'user' as const, id, name, roles, sessionId: '', executing: true as const };
    return JSON.stringify(await hostCall({ ...ctx, actor }, OPERATIONS, String(op), String(args), endpointId));
  }
}
