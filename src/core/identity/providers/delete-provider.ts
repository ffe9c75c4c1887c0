import { checkRevision, type IfMatch } from '../../access/revision';
import { verb } from '../../access/verb';
import { change } from '../../change/change';
import { findProvider } from './get-provider';

/** Deletes a provider. The sessions of its users end, and their identities are deleted; the users stay. */
export const deleteProvider = verb('provider.write', async (ctx, name: string, ifMatch: IfMatch): Promise<void> => {
  const { revision } = await findProvider(ctx, name);
  checkRevision(ifMatch, revision);
  const { signIn, sessions } = ctx.store;
  await change(ctx, {
    action: 'provider.delete',
    id: name,
    write: signIn.removeProvider(name, revision),
    revision,
    also: [sessions.revokeOfProvider(name, ctx.now()), signIn.removeIdentitiesAt(name)],
  });
});
