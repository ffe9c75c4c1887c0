import type { EndpointRow } from '../../../storage/endpoints';
import type { Context } from '../../access/context';
import { notFound } from '../../../kernel/errors';
import { readCursor, readSortedCursor, toPage, toSortedPage, type Page } from '../../../kernel/page';
import { verb } from '../../access/verb';
import { completeRules } from './apply-rules';
import { withBothNames } from './endpoint.rules';
import { type Endpoint, type EndpointRules, ACCESS_RULES, RULE_FIELDS } from './endpoint.schema';
import type { ListEndpointsQuery } from './list-endpoints.schema';
import { toOrder } from './to-order';
import { toIso } from '../../../kernel/clock';
import { fillDefaults } from '../../../kernel/fields';

/** Returns an endpoint as in API responses; `origin` starts its URL. */
export function toEndpoint(row: EndpointRow, origin: string): Endpoint {
  const { rules } = completeRules(row);
  return {
    id: row.id,
    path: row.path,
    title: row.title,
    description: row.description,
    folder: row.folder,
    handler: { path: row.handlerPath, version: row.handlerVersion },
    active: row.active,
    instance: row.instance,
    shareInstance: row.instance === 'shared',
    executor: row.executorId,
    access: {
      level: row.accessLevel,
      keys: row.keyIds,
      ...fillDefaults(ACCESS_RULES, rules),
      roles: withBothNames(rules.roles),
    },
    log: row.log,
    ...fillDefaults(RULE_FIELDS, rules),
    parameters: rules.parameters,
    revision: row.revision,
    createdAt: toIso(row.createdAt),
    updatedAt: toIso(row.updatedAt),
    createdBy: row.createdBy,
    url: `${origin}/u/${row.path}`,
  };
}

/** Row of an endpoint, with all of its rules. */
export type FoundEndpoint = EndpointRow & { rules: EndpointRules };

/** Returns the stored endpoint, for verbs. Throws 404. */
export async function findEndpoint(ctx: Context, id: string): Promise<FoundEndpoint> {
  const row = await ctx.store.endpoints.get(id);
  if (!row) throw notFound('endpoint');
  return completeRules(row);
}

export const getEndpoint = verb('endpoint.read', async (ctx, id: string): Promise<Endpoint> =>
  toEndpoint(await findEndpoint(ctx, id), ctx.origin),
);

/** Lists endpoints, newest first or sorted. */
export const listEndpoints = verb('endpoint.read', async (ctx, query: ListEndpointsQuery): Promise<Page<Endpoint>> => {
  const { limit, cursor, sort, ...filter } = query;
  const toItem = (row: EndpointRow): Endpoint => toEndpoint(row, ctx.origin);
  if (sort === undefined) {
    const rows = await ctx.store.endpoints.list(filter, readCursor(cursor), limit + 1);
    return toPage(rows, limit, ({ createdAt, id }) => ({ at: createdAt, id }), toItem);
  }
  const position = readSortedCursor(cursor, sort);
  const order = await toOrder(ctx, sort);
  const rows = await ctx.store.endpoints.listSorted(filter, order, position, limit + 1);
  return toSortedPage(rows, limit, sort, (row) => ({ value: order.valueOf(row), id: row.id }), toItem);
});
