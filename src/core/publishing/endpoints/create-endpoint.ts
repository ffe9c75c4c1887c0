import type { HandlerRow } from '../../../storage/handlers';
import { auditRow } from '../../audit/audit-row';
import type { Context } from '../../access/context';
import { ApiError } from '../../../kernel/errors';
import { keepAnswer } from '../../idempotency/keep-answer';
import { applyChanges, fillDefaults } from '../../../kernel/fields';
import { newId, randomText } from '../../../kernel/ids';
import { expectDone } from '../../access/revision';
import { authorize, userIdOf } from '../../access/permissions';
import { defaultExecutorOf } from '../../access/run-as';
import { applyRules, DEFAULT_RULES } from './apply-rules';
import { checkEndpoint } from './check-endpoint';
import { COLUMNS, type CreateEndpointInput, type EndpointRules, type SavedEndpoint } from './endpoint.schema';
import { instanceOf } from './instance-of';
import { expectFree } from './path-taken';
import { toEndpoint } from './to-endpoint';
import { warningsOf } from './warnings-of';

/**
 * A new endpoint, linked to a handler. Closed unless its creator names keys or another level. 409 `path_taken`; of two creations of
 * one path at once the index lets one through. `id` is for wires whose callers name their endpoints; 409 `name_taken`.
 * `absentSecrets` may be listed before they are kept.
 */
export async function createEndpoint(
  ctx: Context,
  input: CreateEndpointInput,
  id?: string,
  absentSecrets: readonly string[] = [],
): Promise<SavedEndpoint> {
  const actor = authorize(ctx, 'endpoint.write');
  const wanted = input.executor ?? defaultExecutorOf(actor);
  if (wanted === null) throw new ApiError('invalid_input', 'An endpoint needs an executor.');
  const { access } = input;
  const rules = applyRules(DEFAULT_RULES, input);
  const keyIds = [...new Set(access.keys)].sort();
  const {
    handler: found,
    executor,
    preconditions,
  } = await checkEndpoint(ctx, {
    handler: input.handler,
    executor: wanted,
    keyIds,
    roleNames: access.roles.of,
    middleware: access.middleware.map((each) => each.handler),
    accessLevel: access.level,
    rules,
    sets: { types: true, redirects: true, parameters: true },
    newSecrets: input.secrets.filter((name) => !absentSecrets.includes(name)),
  });
  const handler = found!;
  const warnings = await warningsOf(ctx, handler, input.handler.version, {
    accessLevel: access.level,
    rules,
    executorId: executor!.id,
  });
  const row = {
    ...toRow(input, handler, rules, ctx.now(), id),
    executorId: executor!.id,
    createdBy: userIdOf(actor) ?? executor!.id,
  };
  const { endpoints } = ctx.store;
  const entry = auditRow(ctx, 'endpoint.create', row.id, {
    path: row.path,
    handler: handler.path,
    access: access.level,
    keys: keyIds,
  });
  const saved = { ...toEndpoint({ ...row, handlerPath: handler.path, keyIds }, ctx.origin), ...warnings };
  const result = await ctx.store.commit(
    endpoints.insert(row),
    entry,
    [...(keyIds.length > 0 ? [endpoints.bindKeys(row.id, keyIds)] : []), ...keepAnswer(ctx, saved)],
    [...preconditions, endpoints.pathIsFree(row.path, row.id)],
  );
  await expectFree(ctx, result, row, true);
  expectDone(result, 0);
  ctx.memory.forget();
  return saved;
}

/** The row as it is first stored, without the people in it. Without an id or a path of its own it gets made-up ones. */
const toRow = (input: CreateEndpointInput, handler: HandlerRow, rules: EndpointRules, now: number, id?: string) => ({
  id: id ?? newId('ep', now),
  ...applyChanges(COLUMNS, fillDefaults(COLUMNS, { path: randomText(12) }), input),
  handlerId: handler.id,
  handlerVersion: input.handler.version,
  instance: instanceOf(input, null),
  accessLevel: input.access.level,
  rules,
  revision: 1,
  createdAt: now,
  updatedAt: now,
});
