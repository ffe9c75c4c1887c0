import { toIso } from '../../../kernel/clock';
import type { EndpointRow } from '../../../storage/endpoints';
import { fillDefaults } from '../../../kernel/fields';
import { completeRules } from './apply-rules';
import { ACCESS_RULES, RULE_FIELDS, type Endpoint } from './endpoint.schema';

/** Returns an endpoint as the API answers it; `origin` starts its URL. */
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
    access: { level: row.accessLevel, keys: row.keyIds, ...fillDefaults(ACCESS_RULES, rules) },
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
