import type { EndpointOrder } from '../../../storage/endpoint-order';
import type { Context } from '../../access/context';
import { authorize } from '../../access/permissions';
import type { ENDPOINT_SORTS } from './list-endpoints.schema';

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;

/** Endpoints that are sorted by their calls; those with fewer calls count as endpoints without calls. */
export const MAX_COUNTED = 10_000;

/** Returns the order that a list is asked for. Throws 403 without the permission that the order needs. */
export async function toOrder(ctx: Context, sort: (typeof ENDPOINT_SORTS)[number]): Promise<EndpointOrder> {
  const isDescending = sort.startsWith('-');
  const by = sort.replace('-', '') as 'path' | 'name' | 'updated' | 'calls';
  switch (by) {
    case 'path':
      return { by, isDescending, valueOf: ({ path }) => path };
    case 'name':
      return { by, isDescending, valueOf: ({ title, path }) => title || path };
    case 'updated':
      return { by, isDescending, valueOf: ({ updatedAt }) => updatedAt };
    case 'calls': {
      const calls = await callsOfDay(ctx);
      return { by, isDescending, calls, valueOf: ({ id }) => calls.get(id) ?? 0 };
    }
  }
}

/** Returns the calls of the last 24 hours by endpoint, without tests. */
async function callsOfDay(ctx: Context): Promise<Map<string, number>> {
  authorize(ctx, 'run.read');
  const since = Math.floor((ctx.now() - DAY_MS) / HOUR_MS) * HOUR_MS;
  const until = Math.ceil(ctx.now() / HOUR_MS) * HOUR_MS;
  const tallies = await ctx.runLog.stats({ since, until, stepMs: DAY_MS, by: 'endpoint', kind: 'live' });
  const counts = new Map<string, number>();
  for (const { group, calls } of tallies) counts.set(group, (counts.get(group) ?? 0) + calls);
  return new Map([...counts].toSorted(([, a], [, b]) => b - a).slice(0, MAX_COUNTED));
}
