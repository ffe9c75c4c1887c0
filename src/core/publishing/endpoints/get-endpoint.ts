import type { EndpointRow } from '../../../storage/endpoints';
import type { Context } from '../../access/context';
import { notFound } from '../../../kernel/errors';
import { readCursor, toPage, type Page } from '../../../kernel/page';
import { verb } from '../../access/verb';
import { completeRules } from './apply-rules';
import { withBothNames } from './endpoint.rules';
import {
  type Endpoint,
  type EndpointRules,
  type ListEndpointsQuery,
  ACCESS_RULES,
  RULE_FIELDS,
} from './endpoint.schema';
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

/** Lists endpoints, newest first. */
export const listEndpoints = verb('endpoint.read', async (ctx, query: ListEndpointsQuery): Promise<Page<Endpoint>> => {
  const rows = await ctx.store.endpoints.list(query, readCursor(query.cursor), query.limit + 1);
  return toPage(
    rows,
    query.limit,
    ({ createdAt, id }) => ({ at: createdAt, id }),
    (row) => toEndpoint(row, ctx.origin),
  );
});
