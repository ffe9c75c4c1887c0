import type { EndpointRow } from '../../../storage/endpoints';
import type { HandlerRow } from '../../../storage/handlers';
import type { UserRow } from '../../../storage/users';
import { auditRow } from '../../audit/audit-row';
import { diff, isEmpty } from '../../audit/diff.rules';
import type { Context } from '../../access/context';
import { applyChanges } from '../../../kernel/fields';
import type { Issue } from '../../../kernel/errors';
import { checkRevision, expectDone, type IfMatch } from '../../access/revision';
import { authorize } from '../../access/permissions';
import { applyRules } from './apply-rules';
import { changedFields } from './changed-fields';
import { checkEndpoint } from './check-endpoint';
import {
  COLUMNS,
  type EndpointRules,
  type InstanceMode,
  type SavedEndpoint,
  type UpdateEndpointInput,
} from './endpoint.schema';
import { findEndpoint, type FoundEndpoint } from './get-endpoint';
import { instanceOf } from './instance-of';
import { expectFree } from './path-taken';
import { planRenames } from './plan-renames';
import type { Renamed } from './renamed.schema';
import { toEndpoint } from './to-endpoint';
import { warningsOf } from './warnings-of';

/**
 * Changes any subset of an endpoint. Operators may switch it on and off and nothing else. 403 for who may not run as the user that the
 * endpoint then runs as. 412 when somebody was faster.
 */
export async function updateEndpoint(
  ctx: Context,
  id: string,
  given: UpdateEndpointInput,
  ifMatch: IfMatch,
): Promise<SavedEndpoint> {
  authorize(ctx, 'endpoint.operate');
  const before = await findEndpoint(ctx, id);
  const instance = instanceOf(given, before.instance);
  const input = changedFields(given, toEndpoint(before, ctx.origin));
  if (Object.keys(input).some((field) => field !== 'active')) authorize(ctx, 'endpoint.write');
  checkRevision(ifMatch, before.revision);
  const { rules, writes, renamed } = await planRenames(ctx, before, applyRules(before.rules, input));
  const keyIds = input.access?.keys === undefined ? null : [...new Set(input.access.keys)].sort();
  const { handler, executor, preconditions } = await checkEndpoint(ctx, {
    handler: input.handler ?? null,
    executor: steers(input) ? (input.executor ?? before.executorId) : null,
    keyIds,
    roleNames: input.access?.roles?.of ?? null,
    middleware: input.access?.middleware?.map((each) => each.handler) ?? null,
    accessLevel: input.access?.level ?? before.accessLevel,
    rules,
    sets: {
      types: input.response?.types !== undefined,
      redirects: input.response?.redirects !== undefined,
      parameters: input.parameters !== undefined,
    },
    newSecrets: rules.secrets.filter((name) => !before.rules.secrets.includes(name)),
  });
  const runsAs = executor?.id ?? before.executorId;
  const warnings = await warningsOfUpdate(ctx, before, given, { rules, handler, executorId: runsAs });
  const columns = changedColumns(before, input, { rules, instance, handler, executor });
  const patch = { ...columns, updatedAt: ctx.now() };
  const after: EndpointRow = {
    ...before,
    ...patch,
    revision: before.revision + 1,
    handlerPath: handler?.path ?? before.handlerPath,
    keyIds: keyIds ?? before.keyIds,
  };
  const changes = diff(settingsOf(before), settingsOf(after));
  if (isEmpty(changes)) return { ...toEndpoint(before, ctx.origin), ...warnings };
  const entry = auditRow(ctx, 'endpoint.update', id, {
    ...changes,
    ...(renamed.length === 0 ? {} : { renamed: renamed.map(toAudit) }),
  });
  const { endpoints } = ctx.store;
  const following = keyIds === null ? [] : [endpoints.unbindKeys(id), endpoints.bindKeys(id, keyIds)];
  const result = await ctx.store.commit(
    endpoints.update(id, before.revision, patch),
    entry,
    [...following, ...writes],
    columns.path === before.path ? preconditions : [...preconditions, endpoints.pathIsFree(columns.path, id)],
  );
  const savedMeanwhile = result.kind === 'taken' && result.index.startsWith('handler_versions');
  if (columns.path !== before.path && !savedMeanwhile) await expectFree(ctx, result, after, false);
  expectDone(savedMeanwhile ? { kind: 'stale' } : result, before.revision);
  ctx.memory.forget();
  return { ...toEndpoint(after, ctx.origin), ...warnings, ...(renamed.length === 0 ? {} : { renamed }) };
}

/** Fields that decide neither what runs, nor as whom, nor for which callers. */
const OUTSIDE: readonly string[] = ['active', 'title', 'description', 'folder'];

/** Does an update touch what runs with the executor's rights? */
const steers = (changed: UpdateEndpointInput): boolean =>
  Object.keys(changed).some((field) => !OUTSIDE.includes(field));

/** What an update may change, in the words of the API: `access.level`, `limits.timeoutMs`. */
function settingsOf(row: EndpointRow): Record<string, unknown> {
  const {
    revision: _revision,
    updatedAt: _updatedAt,
    url: _url,
    shareInstance: _share,
    ...settings
  } = toEndpoint(row, '');
  return settings;
}

/** The columns that an update may change, as they will be; what the input leaves out stays. */
const changedColumns = (
  before: FoundEndpoint,
  input: UpdateEndpointInput,
  found: {
    rules: EndpointRules;
    instance: InstanceMode;
    handler: HandlerRow | null;
    executor: UserRow | null;
  },
) => ({
  ...applyChanges(COLUMNS, before, input),
  handlerId: found.handler?.id ?? before.handlerId,
  handlerVersion: input.handler ? input.handler.version : before.handlerVersion,
  instance: found.instance,
  executorId: found.executor?.id ?? before.executorId,
  accessLevel: input.access?.level ?? before.accessLevel,
  rules: found.rules,
});

/** Checks again what its code meets in the endpoint, when something changes that it depends on. */
async function warningsOfUpdate(
  ctx: Context,
  before: FoundEndpoint,
  input: UpdateEndpointInput,
  after: { rules: EndpointRules; handler: HandlerRow | null; executorId: string },
): Promise<{ warnings?: Issue[] }> {
  const { handler: link, access, parameters, strict, secrets, egress, executor } = input;
  if ([link, access, parameters, strict, secrets, egress, executor].every((field) => field === undefined)) return {};
  const handler = after.handler ?? (await ctx.store.handlers.get(before.handlerId));
  if (!handler) return {};
  const version = link ? link.version : before.handlerVersion;
  return warningsOf(ctx, handler, version, {
    accessLevel: access?.level ?? before.accessLevel,
    rules: after.rules,
    executorId: after.executorId,
  });
}

/** Where something was rewritten; what it says is in the versions. */
const toAudit = ({ id, from, to, versions, middleware }: Renamed): object => ({
  id,
  from,
  to,
  versions: versions.map(({ handler, from: of, version, changes }) => ({
    handler,
    from: of,
    version,
    places: changes.map(({ pointer }) => pointer),
  })),
  middleware: middleware.map(({ index, changes }) => ({ index, places: changes.map(({ pointer }) => pointer) })),
});
