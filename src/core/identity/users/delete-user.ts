import { ifLastAdmin } from './update-user';
import { change } from '../../change/change';
import { checkRevision, type IfMatch } from '../../access/revision';
import { verb } from '../../access/verb';
import { findUser } from './get-user';

const ADVICE =
  'Give endpoints another executor; ?force=true overrides tokens, graphs and nodes. Or deactivate the user instead.';

/**
 * Deletes a user and ends their sessions. Throws 409 `in_use` while an endpoint runs as them, or they own tokens, graphs or nodes; `force`
 * overrides the latter: graphs and nodes stay as they are, tokens still call endpoints but manage none. Throws 409 `last_admin`, which the
 * statement itself decides, so that two admins cannot delete each other.
 */
export const deleteUser = verb(
  'user.write',
  async (ctx, id: string, force: boolean, ifMatch: IfMatch): Promise<void> => {
    const user = await findUser(ctx, id);
    checkRevision(ifMatch, user.revision);
    const { users, sessions, signIn, passkeys, runViews } = ctx.store;
    await change(ctx, {
      action: 'user.delete',
      id,
      changes: { name: user.name, force },
      write: users.remove(id, user.revision),
      revision: user.revision,
      also: [
        sessions.revokeOf(id, ctx.now()),
        signIn.removeIdentitiesOf(id),
        passkeys.removeOf(id),
        runViews.removeOf(id),
      ],
      unused: { used: { noun: 'user', id }, force, advice: ADVICE },
      explain: ifLastAdmin(ctx, user),
    });
  },
);
