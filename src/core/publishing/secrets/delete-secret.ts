import { auditRow } from '../../audit/audit-row';
import type { Context } from '../../access/context';
import { expectDone } from '../../access/revision';
import { inUse } from '../../uses/in-use';
import { authorize } from '../../access/permissions';
import { expectMayChange } from './expect-may-change';
import { findSecret } from './get-secret';

const ADVICE = 'Take it from them, or delete with ?force=true: their calls are refused until it is back.';

/** Forgets a secret. 409 `in_use` while an endpoint lists it; with `force` calls of that endpoint are refused (503) from then on. */
export async function deleteSecret(ctx: Context, name: string, force: boolean): Promise<void> {
  authorize(ctx, 'secret.write');
  const secret = await findSecret(ctx, name);
  expectMayChange(ctx, secret);
  const { secrets, uses, commit } = ctx.store;
  const used = { noun: 'secret', name } as const;
  const entry = auditRow(ctx, 'secret.delete', name, { force });
  const result = await commit(secrets.remove(name, secret.version), entry, [], [uses.none(used, force)]);
  if (result.type === 'unmet') throw await inUse(ctx, used, force, ADVICE);
  expectDone(result, secret.version);
  ctx.memory.forget();
}
