import { notFound } from '../../../kernel/errors';
import { verb } from '../../access/verb';
import { change } from '../../change/change';

const ADVICE =
  'Save them with other packages first, or delete it with ?force=true: their versions keep it until they are deleted.';

/**
 * Deletes a set of uploaded packages: no handler that is saved from now on gets it. Its files stay while a version of a handler needs them.
 * Throws 409 `in_use` with the handlers that serve such a version, unless forced.
 */
export const deletePackageSet = verb('package.write', async (ctx, name: string, force: boolean): Promise<void> => {
  const { packages } = ctx.store;
  const set = await packages.set(name);
  if (set === undefined) throw notFound('package set');
  await change(ctx, {
    action: 'package-set.delete',
    id: name,
    changes: { force },
    write: packages.retireSet(set.id, ctx.now()),
    unused: { used: { noun: 'package-set', id: set.id }, force, advice: ADVICE },
  });
});
