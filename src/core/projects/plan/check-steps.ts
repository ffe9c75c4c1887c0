import { rolesOfIssuers, type Issuer } from '../../publishing/endpoints/issuer.schema';
import type { Context } from '../../access/context';
import { can } from '../../access/permissions';
import type { Permission } from '../../access/permitted.rules';
import type { Issue } from '../../../kernel/errors';
import { toIssues } from '../../../kernel/issues';
import { CreateTableInput } from '../../tables/catalogue/table.schema';
import { columnChanges } from '../../tables/catalogue/column-changes.rules';
import { CreateEndpointInput } from '../../publishing/endpoints/endpoint.schema';
import { localUpstreamIssues } from '../../egress/egress.rules';
import { isBuiltIn } from '../../identity/roles/role.rules';
import type { Kind } from '../documents/documents';
import type { Normal } from '../documents/normal.rules';
import { toEndpointInput } from '../apply/endpoint-input';
import type { PushStep } from './to-step';
import { toolTwins } from './tool-twins';
import type { Trio } from './align';

/** The permission that a step of each kind needs. */
const PERMISSION = {
  role: 'role.write',
  table: 'table.write',
  secret: 'secret.write',
  key: 'key.write',
  handler: 'handler.write',
  endpoint: 'endpoint.write',
} as const satisfies Record<Kind, Permission>;

const WRITES: readonly PushStep['action'][] = ['create', 'change', 'merge', 'delete'];

/** Adds issues to the steps that apply could not carry out: without the permission, or with names of what neither side has. */
export async function checkSteps(ctx: Context, steps: readonly PushStep[], trios: readonly Trio[]): Promise<void> {
  const writes = steps.filter(({ action }) => WRITES.includes(action));
  for (const step of writes) {
    if (!can(ctx.actor, PERMISSION[step.kind]))
      step.issues.push({
        pointer: '#',
        code: 'forbidden',
        message: `your roles do not permit ${PERMISSION[step.kind]}`,
      });
    step.issues.push(...ruleIssues(step), ...localIssues(ctx, step));
  }
  for (const { step, issue } of toolTwins(writes)) step.issues.push(issue);
  const named = writes.flatMap((step) => namesIn(step).map((name) => ({ step, ...name })));
  const kept = new Set(trios.flatMap(({ kind, identity, pushed }) => (pushed ? [`${kind} ${identity}`] : [])));
  const open = named.filter(({ kind, name }) => !kept.has(`${kind} ${name}`));
  const missing = await findMissing(ctx, open);
  for (const { step, kind, name, pointer } of open)
    if (missing[kind].has(name)) step.issues.push({ pointer, code: 'not_found', message: `${kind} ${name} not found` });
}

/** Checks the rules of the noun that its document alone does not show. */
function ruleIssues({ kind, target, found, pushed }: PushStep): Issue[] {
  if (target === null) return [];
  if (kind === 'endpoint') {
    const parsed = CreateEndpointInput.safeParse(toEndpointInput(target, { keys: new Map(), executor: undefined }));
    return parsed.success ? [] : toIssues(parsed.error);
  }
  if (kind !== 'table') return [];
  const parsed = CreateTableInput.safeParse(target);
  if (!parsed.success) return toIssues(parsed.error);
  if (found?.kind !== 'table') return [];
  const { issues, addColumns } = columnChanges(found.row.columns, parsed.data.columns, pushed?.formerNames);
  const without = addColumns.flatMap(({ name, required, default: value }): Issue[] =>
    required && value === null
      ? [{ pointer: '#/columns', code: 'required', message: `the new required column ${name} must have a default` }]
      : [],
  );
  const idType = parsed.data.idType === found.row.idType ? [] : [fixedId];
  return [...issues, ...without, ...idType];
}

const localIssues = ({ settings }: Context, { kind, target }: PushStep): Issue[] =>
  kind === 'endpoint' ? localUpstreamIssues((target?.egress ?? []) as string[], settings.localPort) : [];

const fixedId: Issue = { pointer: '#/idType', code: 'column_fixed', message: 'cannot be changed' };

type Named = 'role' | 'secret' | 'key' | 'handler' | 'user';
interface Name {
  kind: Named;
  name: string;
  pointer: string;
}

/** Returns what the document of a step names. */
function namesIn({ kind, target }: PushStep): Name[] {
  if (target === null) return [];
  const list = (named: Named, at: string, names: unknown): Name[] =>
    ((names ?? []) as string[]).map((name, i) => ({ kind: named, name, pointer: `#/${at}/${i}` }));
  const roles = (at: string, names: unknown) => list('role', at, names).filter(({ name }) => !isBuiltIn(name));
  if (kind === 'secret' || kind === 'key') return roles('roles', target.roles);
  if (kind === 'table') return [...roles('read', target.read), ...roles('write', target.write)];
  if (kind !== 'endpoint') return [];
  const access = (target.access ?? {}) as {
    keys?: string[];
    roles?: { names?: string[] };
    middleware?: Normal[];
    issuers?: Issuer[];
  };
  return [
    { kind: 'handler', name: String(target.handler), pointer: '#/handler' },
    ...(typeof target.executor === 'string'
      ? [{ kind: 'user' as const, name: target.executor, pointer: '#/executor' }]
      : []),
    ...(access.middleware ?? []).map(({ handler }, i): Name => ({
      kind: 'handler',
      name: String(handler),
      pointer: `#/access/middleware/${i}/handler`,
    })),
    ...list('handler', 'response/after', (target.response as { after?: string[] } | undefined)?.after),
    ...(typeof target.onError === 'string'
      ? [{ kind: 'handler' as const, name: target.onError, pointer: '#/onError' }]
      : []),
    ...list('key', 'access/keys', access.keys),
    ...roles('access/roles/names', access.roles?.names),
    ...roles('access/issuers', rolesOfIssuers(access.issuers ?? [])),
    ...list('secret', 'secrets', target.secrets),
  ];
}

/** Returns the names that this service does not have, by kind. */
async function findMissing({ store }: Context, names: readonly Name[]): Promise<Record<Named, Set<string>>> {
  const of = (kind: Named): string[] => [...new Set(names.flatMap((one) => (one.kind === kind ? [one.name] : [])))];
  const without = (all: string[], known: Iterable<string>): Set<string> => {
    const there = new Set(known);
    return new Set(all.filter((name) => !there.has(name)));
  };
  const [roles, secrets, keys, handlers, users] = [of('role'), of('secret'), of('key'), of('handler'), of('user')];
  const [knownRoles, knownSecrets, knownKeys, absent, knownUsers] = await Promise.all([
    store.roles.existing(roles),
    store.secrets.known(secrets),
    keys.length === 0 ? [] : store.keys.named(keys),
    handlers.length === 0 ? [] : store.handlers.absent(handlers),
    Promise.all(users.map(async (name) => ((await store.users.find(name)) ? [name] : []))),
  ]);
  return {
    role: without(roles, knownRoles),
    secret: without(secrets, knownSecrets),
    key: without(
      keys,
      knownKeys.flatMap(({ id, alias }) => [id, alias]),
    ),
    handler: new Set(absent),
    user: without(users, knownUsers.flat()),
  };
}
