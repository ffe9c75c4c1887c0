import type { HandlerRow } from '../../../storage/handlers';
import { ApiError } from '../../../kernel/errors';
import { applyChanges, fillDefaults } from '../../../kernel/fields';
import { newId, randomText } from '../../../kernel/ids';
import { userIdOf } from '../../access/permissions';
import { defaultExecutorOf } from '../../access/run-as';
import { verb, type Authorized } from '../../access/verb';
import { change } from '../../change/change';
import { applyRules, DEFAULT_RULES } from './apply-rules';
import { checkEndpoint, sortIds } from './check-endpoint';
import { attachedPaths } from './attached-handlers.rules';
import { claimSchedules } from './claim-schedules';
import { COLUMNS, type CreateEndpointInput, type EndpointRules, type SavedEndpoint } from './endpoint.schema';
import { rolesOfIssuers } from './issuer.schema';
import { instanceOf } from './instance-of';
import { claimRoutes, conflictOf } from './path-taken';
import { toEndpoint } from './get-endpoint';
import { toolKeyOf, toolNameOf } from './tool-name.rules';
import { toolConflictOf } from './tool-taken';
import { warningsOf } from './warnings-of';

/**
 * Creates an endpoint, linked to a handler. It admits no caller unless its creator names keys or another level. Throws 409 `path_taken`; of
 * two concurrent creations of one path and method the database admits one. Throws 409 `name_taken` for the name of a tool, and for `id`,
 * which is for wires whose callers name their endpoints.
 * `absentSecrets` may be listed before they are stored.
 */
export const createEndpoint = verb(
  'endpoint.write',
  async (
    ctx,
    input: CreateEndpointInput,
    id?: string,
    absentSecrets: readonly string[] = [],
  ): Promise<SavedEndpoint> => {
    const rules = applyRules(DEFAULT_RULES, input);
    const keyIds = sortIds(input.access.keys);
    const { handler, executor, preconditions } = await checkNew(ctx, input, rules, absentSecrets);
    const row = {
      ...toRow(input, handler, rules, ctx.now(), id),
      executorId: executor.id,
      createdBy: userIdOf(ctx.actor) ?? executor.id,
    };
    const warnings = await warningsOf(ctx, handler, input.handler.version, row);
    const { endpoints } = ctx.store;
    const answered = { id: row.id, path: row.path, methods: rules.methods };
    const routes = claimRoutes(ctx, answered);
    const saved = { ...toEndpoint({ ...row, handlerPath: handler.path, keyIds }, ctx.origin), ...warnings };
    await change(ctx, {
      action: 'endpoint.create',
      id: row.id,
      changes: { path: row.path, handler: handler.path, access: row.accessLevel, keys: keyIds },
      write: endpoints.insert(row),
      also: [
        ...(rules.alert === null ? [] : [ctx.store.alerts.insert(row.id)]),
        ...claimSchedules(ctx, row.id, [], rules.schedules),
        ...routes.writes,
        ...(keyIds.length > 0 ? [endpoints.bindKeys(row.id, keyIds)] : []),
      ],
      requires: [...preconditions, ...routes.requires],
      answer: saved,
      explain: async (result) =>
        (await toolConflictOf(ctx, result, row.id, toolNameOf(row.path, rules))) ??
        conflictOf(ctx, result, answered, true),
    });
    return saved;
  },
);

/** Checks a whole creation, as `checkEndpoint` does. Throws 422 when it names no executor and the actor has no default one. */
async function checkNew(
  ctx: Authorized,
  { path, handler, executor, access, secrets }: CreateEndpointInput,
  rules: EndpointRules,
  absentSecrets: readonly string[],
) {
  const wanted = executor ?? defaultExecutorOf(ctx.actor);
  if (wanted === null) throw new ApiError('invalid_input', 'An endpoint needs an executor.');
  const found = await checkEndpoint(ctx, {
    handler,
    executor: wanted,
    keyIds: sortIds(access.keys),
    roles: access.roles,
    issuedRoles: rolesOfIssuers(access.issuers),
    attached: attachedPaths(rules),
    accessLevel: access.level,
    path: path ?? '',
    rules,
    sets: { types: true, redirects: true, cookies: true, parameters: true },
    newSecrets: secrets.filter((name) => !absentSecrets.includes(name)),
  });
  // Neither is null: the draft names both.
  return { ...found, handler: found.handler!, executor: found.executor! };
}

/** Builds the first row, without `executorId` and `createdBy`. Generates an id and a path where the input has none. */
const toRow = (input: CreateEndpointInput, handler: HandlerRow, rules: EndpointRules, now: number, id?: string) => {
  const columns = applyChanges(COLUMNS, fillDefaults(COLUMNS, { path: randomText(12) }), input);
  return {
    id: id ?? newId('ep', now),
    ...columns,
    handlerId: handler.id,
    handlerVersion: input.handler.version,
    instance: instanceOf(input, null),
    accessLevel: input.access.level,
    rules,
    toolKey: toolKeyOf(toolNameOf(columns.path, rules)),
    revision: 1,
    createdAt: now,
    updatedAt: now,
  };
};
