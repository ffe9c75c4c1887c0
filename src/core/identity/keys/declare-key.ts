import { fromIso } from '../../../kernel/clock';
import { newId } from '../../../kernel/ids';
import { actorLabel } from '../../access/permissions';
import { verb } from '../../access/verb';
import { change } from '../../change/change';
import { assertRolesExist } from '../roles/assert-roles';
import { toKey } from './get-key';
import type { CreateKeyInput, Key } from './key.schema';

/** Replaces the hash of a key without a value: no hash has this form, so no value matches it. */
const noHash = (id: string): string => `none:${id}`;

/** Creates a key without a value, which admits no caller until an update of the key issues one. */
export const declareKey = verb('key.write', async (ctx, input: Omit<CreateKeyInput, 'key'>): Promise<Key> => {
  const rolesExist = await assertRolesExist(ctx, input.roles);
  const now = ctx.now();
  const id = newId('key', now);
  const row = {
    id,
    ...input,
    prefix: null,
    expiresAt: fromIso(input.expiresAt),
    version: 0,
    previousUntil: null,
    lastUsedAt: null,
    previousUsedAt: null,
    revision: 1,
    createdAt: now,
    updatedAt: now,
    createdBy: actorLabel(ctx.actor),
  };
  await change(ctx, {
    action: 'key.create',
    id,
    changes: { ...input },
    write: ctx.store.keys.insert({ ...row, hash: noHash(id) }),
    requires: rolesExist,
  });
  return toKey(row, now);
});
