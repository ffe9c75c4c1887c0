import { change } from '../../change/change';
import { verb } from '../../access/verb';
import { assertMayChange } from './secret.rules';
import { findSecret } from './get-secret';

const ADVICE =
  'Remove the secret from them, or delete it with ?force=true: their calls are refused until it exists again.';

/** Deletes a secret. Throws 409 `in_use` while an endpoint lists it; with `force` calls of that endpoint are then refused (503). */
export const deleteSecret = verb('secret.write', async (ctx, name: string, force: boolean): Promise<void> => {
  const secret = await findSecret(ctx, name);
  assertMayChange(ctx, secret);
  await change(ctx, {
    action: 'secret.delete',
    id: name,
    changes: { force },
    write: ctx.store.secrets.remove(name, secret.version),
    revision: secret.version,
    unused: { used: { noun: 'secret', name }, force, advice: ADVICE },
  });
});
