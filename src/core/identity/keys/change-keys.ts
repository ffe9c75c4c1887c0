import { verb } from '../../access/verb';
import { changeEach } from '../../change/each';
import type { EachResult } from '../../change/each.schema';
import type { ChangeKeysInput, KeysChange } from './change-keys.schema';
import { deleteKey } from './delete-key';
import { findKey, toKeyConditions } from './get-key';
import type { KeyFilter } from './key.schema';
import { updateKey } from './update-key';

/** Switches or deletes several keys. A key in use is not deleted unless `force`. */
export const changeKeys = verb(
  'key.write',
  (ctx, { change, ...input }: ChangeKeysInput): Promise<EachResult<KeysChange>> =>
    changeEach<KeyFilter, KeysChange>(ctx, input, {
      idsOf: (filter, limit) => ctx.store.keys.idsOf(toKeyConditions(filter, ctx.now()), limit),
      permission: 'key.write',
      find: findKey,
      change: async (own, id) => {
        if (change.do === 'delete') return deleteKey(own, id, change.force, null).then(() => null);
        const { active } = await findKey(own, id);
        await updateKey(own, id, { active: change.active }, null);
        return active === change.active ? null : { ...change, active };
      },
    }),
);
