import { verb } from '../../access/verb';
import { eachOf } from '../../change/each';
import type { EachResult } from '../../change/each.schema';
import type { ChangeKeysInput } from './change-keys.schema';
import { deleteKey } from './delete-key';
import { findKey } from './get-key';
import { updateKey } from './update-key';

/** Switches or deletes several keys, one after the other. A key in use is not deleted unless `force`. A dry run finds each. */
export const changeKeys = verb(
  'key.write',
  async (ctx, { ids, change, dryRun }: ChangeKeysInput): Promise<EachResult> =>
    eachOf(ctx, ids, (own, id): Promise<unknown> => {
      if (dryRun) return findKey(own, id);
      return change.do === 'delete'
        ? deleteKey(own, id, change.force, null)
        : updateKey(own, id, { active: change.active }, null);
    }),
);
