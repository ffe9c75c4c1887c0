import { diff, isEmpty } from '../../audit/diff.rules';
import { change } from '../../change/change';
import { assertRolesExist } from '../../identity/roles/assert-roles';
import { verb } from '../../access/verb';
import { assertMayChange } from './secret.rules';
import { toSecret } from './get-secret';
import type { Secret } from './secret.schema';

/**
 * Declares a secret without a value, or changes what is stored beside its value. While it has none (version 0), calls of endpoints that list
 * it are refused. Throws 403 when the actor's roles do not permit it.
 */
export const declareSecret = verb(
  'secret.write',
  async (ctx, name: string, { description, roles }: { description: string; roles: string[] }): Promise<Secret> => {
    const before = await ctx.store.secrets.get(name);
    if (before) assertMayChange(ctx, before);
    const requires = await assertRolesExist(ctx, roles);
    const now = ctx.now();
    const row = { name, version: 0, createdAt: now, ...before, description, roles, updatedAt: now };
    const changes = diff(
      { description: before?.description ?? null, roles: before?.roles ?? null },
      { description, roles },
    );
    if (before && isEmpty(changes)) return toSecret(before);
    const { secrets } = ctx.store;
    await change(ctx, {
      action: before ? 'secret.update' : 'secret.create',
      id: name,
      changes,
      write: before
        ? secrets.describe(name, before.version, { description, roles, updatedAt: now })
        : secrets.insert({ ...row, iv: '', ciphertext: '' }),
      revision: row.version,
      requires,
    });
    return toSecret(row);
  },
);
