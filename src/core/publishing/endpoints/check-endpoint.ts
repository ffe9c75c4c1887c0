import type { Precondition } from '../../../storage/commit';
import type { HandlerRow } from '../../../storage/handlers';
import type { UserRow } from '../../../storage/users';
import type { Context } from '../../access/context';
import type { Issue } from '../../../kernel/errors';
import { invalidInput } from '../../../kernel/issues';
import { localUpstreamIssues } from '../../egress/egress.rules';
import { ANY_HOST } from '../../egress/redirect-host.rules';
import { checkRoles } from '../../identity/roles/assert-roles';
import { authorize } from '../../access/permissions';
import { assertMayRunAs } from '../../access/run-as';
import { endpointIssues, testValueIssues } from './endpoint.rules';
import type { AccessLevel, EndpointRules, RolesInput } from './endpoint.schema';
import { adminTypes } from './response.schema';

/** The new state of an endpoint, with its links by name. `null` marks a link that the write does not touch. */
export interface EndpointDraft {
  handler: { path: string; version: number | null } | null;
  /** Id or name of the executor; null when the write changes neither the code that runs nor who may call it. */
  executor: string | null;
  keyIds: string[] | null;
  roles: RolesInput | null;
  /** Roles that values of claims stand for, where the write sets issuers. */
  issuedRoles: string[] | null;
  /** Paths of middleware and other attached handlers. Other checks verify that they can be attached. */
  attached: string[] | null;
  accessLevel: AccessLevel;
  path: string;
  rules: EndpointRules;
  /** Lists that the write touches: of `response`, and the parameters. */
  sets: { types: boolean; redirects: boolean; cookies: boolean; parameters: boolean };
  /** Names of secrets that are new to the endpoint: only these must exist. */
  newSecrets: string[];
}

/** Returns ids without duplicates, sorted. */
export const sortIds = (ids: readonly string[]): string[] => [...new Set(ids)].sort();

/**
 * Checks a draft against its own rules and against the store: the handler, its version, the executor, keys and roles must exist. Throws 422
 * with all issues at once. Throws 403 for an executor who may do more than the actor (core/access/run-as.ts), and when an actor who is not
 * an admin lists active types, cookies, or any host as a target of links and redirects. Returns the handler and the executor when the draft names
 * them, and the conditions that must still hold at the write.
 */
export async function checkEndpoint(
  ctx: Context,
  draft: EndpointDraft,
): Promise<{ handler: HandlerRow | null; executor: UserRow | null; preconditions: Precondition[] }> {
  const { types, redirects, cookies } = draft.rules.response;
  if (draft.sets.types && adminTypes(types).length > 0) authorize(ctx, 'endpoint.active-types');
  if (draft.sets.redirects && redirects.includes(ANY_HOST)) authorize(ctx, 'endpoint.open-redirects');
  if (draft.sets.cookies && cookies.length > 0) authorize(ctx, 'endpoint.cookies');
  const { store } = ctx;
  const [handler, executor, known, roles, issued, secrets] = await Promise.all([
    draft.handler && store.handlers.byPath(draft.handler.path),
    draft.executor === null ? null : store.users.find(draft.executor),
    draft.keyIds === null ? null : store.endpoints.knownKeys(draft.keyIds),
    checkRoles(ctx, draft.roles?.names ?? draft.roles?.of ?? [], `access/roles/${draft.roles?.names ? 'names' : 'of'}`),
    checkRoles(ctx, draft.issuedRoles ?? [], 'access/issuers/roles'),
    draft.newSecrets.length === 0 ? null : store.secrets.known(draft.newSecrets),
  ]);
  if (executor) assertMayRunAs(ctx, executor);
  const issues: Issue[] = [
    ...endpointIssues(draft.rules, draft.accessLevel, draft.path),
    ...localUpstreamIssues(draft.rules.egress, ctx.settings.localPort),
  ];
  if (draft.sets.parameters) issues.push(...testValueIssues(draft.rules.parameters));
  const unknown = (pointer: string, what: string): number =>
    issues.push({ pointer, code: 'not_found', message: `${what} not found` });
  if (draft.handler && !handler) unknown('#/handler/path', 'handler');
  const pinned = draft.handler?.version ?? null;
  if (handler && pinned !== null && !(await store.handlers.hasVersion(handler.id, pinned)))
    unknown('#/handler/version', 'version of this handler');
  if (draft.executor !== null && !executor) unknown('#/executor', 'user');
  draft.keyIds?.forEach((id, index) => known?.has(id) || unknown(`#/access/keys/${index}`, 'key'));
  issues.push(...roles.issues, ...issued.issues);
  draft.rules.secrets.forEach((name, index) => {
    if (draft.newSecrets.includes(name) && !secrets?.has(name)) unknown(`#/secrets/${index}`, 'secret');
  });
  if (issues.length > 0) throw invalidInput(issues);
  const preconditions = [
    ...(handler ? [store.handlers.exists(handler.id)] : []),
    ...(handler && pinned !== null ? [store.handlers.versionExists(handler.id, pinned)] : []),
    ...(draft.attached === null ? [] : [store.handlers.allExist(draft.attached)]),
    ...(draft.keyIds === null ? [] : [store.keys.allExist(draft.keyIds)]),
    ...(executor ? [store.users.exists(executor.id)] : []),
    ...(draft.newSecrets.length === 0 ? [] : [store.secrets.allExist(draft.newSecrets)]),
    ...roles.preconditions,
    ...issued.preconditions,
  ];
  return { handler: handler ?? null, executor: executor ?? null, preconditions };
}
