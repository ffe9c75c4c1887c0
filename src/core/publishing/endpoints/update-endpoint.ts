import type { EndpointRow } from '../../../storage/endpoints';
import type { HandlerRow } from '../../../storage/handlers';
import type { UserRow } from '../../../storage/users';
import { diff, isEmpty } from '../../audit/diff.rules';
import type { Context } from '../../access/context';
import { applyChanges } from '../../../kernel/fields';
import { isSameJson } from '../../../kernel/json.rules';
import type { Issue } from '../../../kernel/errors';
import { checkRevision, staleRevision, type IfMatch } from '../../access/revision';
import { authorize } from '../../access/permissions';
import { verb } from '../../access/verb';
import { change } from '../../change/change';
import { applyRules } from './apply-rules';
import { changedFields } from './changed-fields';
import { attachedPaths } from './attached-handlers.rules';
import { claimSchedules } from './claim-schedules';
import { checkEndpoint, sortIds, type EndpointDraft } from './check-endpoint';
import {
  COLUMNS,
  type EndpointRules,
  type InstanceMode,
  type SavedEndpoint,
  type UpdateEndpointInput,
} from './endpoint.schema';
import { findEndpoint, type FoundEndpoint, toEndpoint } from './get-endpoint';
import { rolesOfIssuers } from './issuer.schema';
import { instanceOf } from './instance-of';
import { claimRoutes, conflictOf } from './path-taken';
import { toolKeyOf, toolNameOf } from './tool-name.rules';
import { toolConflictOf } from './tool-taken';
import { planRenames } from './plan-renames';
import type { Renamed } from './renamed.schema';
import { warningsOf } from './warnings-of';

/**
 * Changes any subset of an endpoint. Operators may change `active` only. Throws 403 when the actor may not run as the endpoint's executor,
 * 412 when the endpoint has changed since it was read. With `drafts` "keep", a renamed parameter changes no source: its author has.
 */
export const updateEndpoint = verb(
  'endpoint.operate',
  async (
    ctx,
    id: string,
    given: UpdateEndpointInput,
    ifMatch: IfMatch,
    drafts: 'rewrite' | 'keep' = 'rewrite',
  ): Promise<SavedEndpoint> => {
    const before = await findEndpoint(ctx, id);
    const instance = instanceOf(given, before.instance);
    const input = changedFields(given, toEndpoint(before, ctx.origin));
    if (Object.keys(input).some((field) => field !== 'active')) authorize(ctx, 'endpoint.write');
    checkRevision(ifMatch, before.revision);
    const { rules, writes, renamed } = await planRenames(ctx, before, applyRules(before.rules, input), drafts);
    const draft = toDraft(before, input, rules);
    const { handler, executor, preconditions } = await checkEndpoint(ctx, draft);
    const executorId = executor?.id ?? before.executorId;
    const warnings = await warningsOfUpdate(ctx, before, given, { rules, handler, executorId });
    const patch = { ...changedColumns(before, input, { rules, instance, handler, executor }), updatedAt: ctx.now() };
    const after: EndpointRow = {
      ...before,
      ...patch,
      revision: before.revision + 1,
      handlerPath: handler?.path ?? before.handlerPath,
      keyIds: draft.keyIds ?? before.keyIds,
    };
    const changes = diff(settingsOf(before), settingsOf(after));
    if (isEmpty(changes)) return { ...toEndpoint(before, ctx.origin), ...warnings };
    const { endpoints } = ctx.store;
    const answered = { id, path: after.path, methods: rules.methods };
    const moves = after.path !== before.path || !isSameJson(rules.methods, before.rules.methods);
    const routes = moves ? claimRoutes(ctx, answered) : NO_ROUTES;
    await change(ctx, {
      action: 'endpoint.update',
      id,
      changes: { ...changes, ...(renamed.length === 0 ? {} : { renamed: renamed.map(toAudit) }) },
      write: endpoints.update(id, before.revision, patch),
      revision: before.revision,
      also: [
        ...(draft.keyIds ? [endpoints.unbindKeys(id), endpoints.bindKeys(id, draft.keyIds)] : []),
        ...writes,
        ...routes.writes,
        ...(isSameJson(rules.alert, before.rules.alert) ? [] : [ctx.store.alerts.remove(id)]),
        ...(rules.alert === null || isSameJson(rules.alert, before.rules.alert) ? [] : [ctx.store.alerts.insert(id)]),
        ...claimSchedules(ctx, id, before.rules.schedules, rules.schedules),
      ],
      requires: [...preconditions, ...routes.requires],
      explain: async (result) => {
        const twin = await toolConflictOf(ctx, result, id, toolNameOf(after.path, rules));
        if (twin !== undefined) return twin;
        // A version saved in between has the number that the rename would use.
        if (result.kind === 'taken' && result.index.startsWith('handler_versions'))
          return staleRevision(after.revision);
        return moves ? conflictOf(ctx, result, answered, false) : undefined;
      },
    });
    return { ...toEndpoint(after, ctx.origin), ...warnings, ...(renamed.length === 0 ? {} : { renamed }) };
  },
);

const NO_ROUTES: ReturnType<typeof claimRoutes> = { writes: [], requires: [] };

/** Returns the draft that an update must check; links that it does not touch are null. */
const toDraft = (before: FoundEndpoint, input: UpdateEndpointInput, rules: EndpointRules): EndpointDraft => ({
  handler: input.handler ?? null,
  executor: steers(input) ? (input.executor ?? before.executorId) : null,
  keyIds: input.access?.keys === undefined ? null : sortIds(input.access.keys),
  roles: input.access?.roles ?? null,
  issuedRoles: input.access?.issuers ? rolesOfIssuers(input.access.issuers) : null,
  attached:
    input.access?.middleware === undefined && input.response?.after === undefined && !input.onError
      ? null
      : attachedPaths(rules),
  accessLevel: input.access?.level ?? before.accessLevel,
  path: input.path ?? before.path,
  rules,
  sets: {
    types: input.response?.types !== undefined,
    redirects: input.response?.redirects !== undefined,
    cookies: input.response?.cookies !== undefined,
    parameters: input.parameters !== undefined,
  },
  newSecrets: rules.secrets.filter((name) => !before.rules.secrets.includes(name)),
});

/** Fields that affect neither the code that runs, nor its rights, nor its callers. */
const OUTSIDE: readonly string[] = ['active', 'title', 'description', 'folder'];

/** Returns whether an update affects the code that runs with the executor's rights, or who may call it. */
const steers = (changed: UpdateEndpointInput): boolean =>
  Object.keys(changed).some((field) => !OUTSIDE.includes(field));

/** Returns the settings under their API names, for the audit trail: `access.level`, `limits.timeoutMs`. */
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

/** Returns the columns after an update. */
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
  toolKey: toolKeyOf(toolNameOf(input.path ?? before.path, found.rules)),
  handlerId: found.handler?.id ?? before.handlerId,
  handlerVersion: input.handler ? input.handler.version : before.handlerVersion,
  instance: found.instance,
  executorId: found.executor?.id ?? before.executorId,
  accessLevel: input.access?.level ?? before.accessLevel,
  rules: found.rules,
});

/** Returns the warnings about the endpoint's code, when an update changes something that they depend on. */
async function warningsOfUpdate(
  ctx: Context,
  before: FoundEndpoint,
  input: UpdateEndpointInput,
  after: { rules: EndpointRules; handler: HandlerRow | null; executorId: string },
): Promise<{ warnings?: Issue[] }> {
  const {
    handler: link,
    access,
    parameters,
    strict,
    secrets,
    egress,
    executor,
    path,
    subpaths,
    response,
    onError,
  } = input;
  const seen = [link, access, parameters, strict, secrets, egress, executor, path, subpaths, response, onError];
  if (seen.every((field) => field === undefined)) return {};
  const handler = after.handler ?? (await ctx.store.handlers.get(before.handlerId));
  if (!handler) return {};
  const version = link ? link.version : before.handlerVersion;
  return warningsOf(ctx, handler, version, {
    id: before.id,
    path: path ?? before.path,
    accessLevel: access?.level ?? before.accessLevel,
    rules: after.rules,
    executorId: after.executorId,
  });
}

/** Returns where a rename rewrote something, for the audit trail; the new text is in the versions. */
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
