import type { Context } from '../../src/core/access/context';
import { ANONYMOUS } from '../../src/core/access/actor';
import { loadDefinition } from '../../src/core/gateway/load-definition';
import { OPERATIONS } from '../../src/core/gateway/host/operations';
import { Outlet } from '../../src/core/gateway/host/outlet';
import { testContext } from './context';

/**
 * Opens a live call of the handler of an endpoint, for tests of requests that only hostile code would make of its host. `ask` is an
 * operation and its answer; `ctx` is what the call has at hand.
 */
export async function lend(endpoint: { id: string; path: string }, { ctx = testContext() }: { ctx?: Context } = {}) {
  const definition = (await loadDefinition(testContext(), endpoint.id, null, Date.now()))!;
  const request = { path: `/u/${endpoint.path}`, origin: ctx.origin };
  const [startedAt, admittedAt] = [ctx.now(), ctx.now()];
  const outlet = new Outlet(
    ctx,
    { runId: 'run_test', definition, caller: ANONYMOUS, request, subpath: '', startedAt, admittedAt },
    OPERATIONS,
  );
  const host = outlet.for(definition.bundle!, 1);
  const ask = async (op: unknown, args: unknown): Promise<unknown> =>
    JSON.parse(await host.send(op, typeof args === 'string' ? args : JSON.stringify(args)));
  return { outlet, host, ask };
}
