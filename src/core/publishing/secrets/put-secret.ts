import { auditRow } from '../../audit/audit-row';
import type { Context } from '../../access/context';
import { expectDone } from '../../access/revision';
import { expectRoles } from '../../identity/roles/expect-roles';
import { authorize } from '../../access/permissions';
import { expectMayChange } from './expect-may-change';
import { toSecret } from './get-secret';
import { seal } from './seal';
import type { PutSecretInput, Secret } from './secret.schema';

/**
 * Keeps a value under a name, encrypted; a second time replaces it, for those whose roles permit it (403). Roles and description that are left
 * out stay. The value is in no answer and in no audit row.
 */
export async function putSecret(ctx: Context, name: string, input: PutSecretInput): Promise<Secret> {
  authorize(ctx, 'secret.write');
  const before = await ctx.store.secrets.get(name);
  if (before) expectMayChange(ctx, before);
  const roles = input.roles ?? before?.roles ?? [];
  const preconditions = await expectRoles(ctx, roles);
  const now = ctx.now();
  const version = (before?.version ?? 0) + 1;
  const sealed = await seal(ctx.settings, name, version, input.value);
  const row = {
    name,
    description: input.description ?? before?.description ?? '',
    roles,
    version,
    createdAt: before?.createdAt ?? now,
    updatedAt: now,
  };
  const write = before
    ? ctx.store.secrets.replace(name, before.version, { ...row, ...sealed })
    : ctx.store.secrets.insert({ ...row, ...sealed });
  const entry = auditRow(ctx, before ? 'secret.replace' : 'secret.create', name, { version, roles });
  expectDone(await ctx.store.commit(write, entry, [], preconditions), version - 1);
  ctx.memory.forget();
  return toSecret(row);
}
