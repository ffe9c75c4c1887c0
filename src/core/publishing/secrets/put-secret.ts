import { change } from '../../change/change';
import { assertRolesExist } from '../../identity/roles/assert-roles';
import { checkRevision, type IfMatch } from '../../access/revision';
import { verb } from '../../access/verb';
import { invalidInput } from '../../../kernel/issues';
import { declareSecret } from './declare-secret';
import { assertMayChange } from './secret.rules';
import { toSecret } from './get-secret';
import { seal } from '../../access/seal';
import type { PutSecretInput, Secret } from './secret.schema';

/**
 * Stores a value under a name, encrypted, or replaces it. Throws 403 when the actor's roles do not permit it, and 412 when `ifMatch` is
 * not the version of its value, 0 for a new secret. Omitted fields do not change; a new secret needs a value. The value is in no response
 * and in no audit entry.
 */
export const putSecret = verb(
  'secret.write',
  async (ctx, name: string, input: PutSecretInput, ifMatch: IfMatch = null): Promise<Secret> => {
    const before = await ctx.store.secrets.get(name);
    if (before) assertMayChange(ctx, before);
    checkRevision(ifMatch, before?.version ?? 0);
    const { value, roles = before?.roles ?? [], description = before?.description ?? '' } = input;
    if (value === undefined) {
      if (before) return declareSecret(ctx, name, { description, roles });
      throw invalidInput([{ pointer: '#/value', code: 'required', message: 'is required for a new secret' }]);
    }
    const requires = await assertRolesExist(ctx, roles);
    const now = ctx.now();
    const version = (before?.version ?? 0) + 1;
    const sealed = await seal(ctx.settings, name, version, value);
    const row = {
      name,
      description,
      roles,
      version,
      createdAt: before?.createdAt ?? now,
      updatedAt: now,
    };
    const write = before
      ? ctx.store.secrets.replace(name, before.version, { ...row, ...sealed })
      : ctx.store.secrets.insert({ ...row, ...sealed });
    await change(ctx, {
      action: before ? 'secret.replace' : 'secret.create',
      id: name,
      changes: { version, roles },
      write,
      revision: version - 1,
      requires,
    });
    return toSecret(row);
  },
);
