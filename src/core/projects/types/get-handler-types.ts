import { verb } from '../../access/verb';
import { completeRules } from '../../publishing/endpoints/apply-rules';
import { findHandler } from '../../publishing/handlers/get-handler';
import { listTables } from '../../tables/catalogue/get-table';
import { endpointIdentity } from '../state/found';
import type { HandlerTypes } from './handler-types.schema';
import { renderTypes, type NormalObject } from './render-types.rules';

/** Endpoints and tables, each, whose types an editor gets. */
const MAX_TYPES = 100;

/** Returns the types for an editor of this handler's source. Throws 404. */
export const getHandlerTypes = verb('handler.read', async (ctx, id: string): Promise<HandlerTypes> => {
  const handler = await findHandler(ctx, id);
  const [rows, tables] = await Promise.all([
    ctx.store.endpoints.list({ handler: handler.path }, null, MAX_TYPES),
    listTables(ctx, { limit: MAX_TYPES }),
  ]);
  const endpoints = rows.map((row) => {
    const { methods, parameters, secrets } = completeRules(row).rules;
    const { id, path, instance } = row;
    return { id, path, identity: endpointIdentity(methods, path), secrets, parameters, instance };
  });
  const secrets = [...new Set(endpoints.flatMap((endpoint) => endpoint.secrets))];
  const objects: NormalObject[] = [
    ...endpoints.map(({ identity, ...document }) => ({ kind: 'endpoint', identity, document })),
    ...tables.items.map(({ schema, name, ...document }) => ({
      kind: 'table',
      identity: `${schema}.${name}`,
      document,
    })),
    ...secrets.map((identity) => ({ kind: 'secret', identity, document: {} })),
  ];
  return {
    text: renderTypes(objects),
    endpoints: endpoints.map(({ parameters: _, instance: _mode, ...shown }) => shown),
  };
});
