import type { PasskeyRow } from '../../../storage/passkeys';
import { toIso } from '../../../kernel/clock';
import { ApiError, notFound } from '../../../kernel/errors';
import { newId } from '../../../kernel/ids';
import { invalidField } from '../../../kernel/issues';
import type { Context } from '../../access/context';
import { verb } from '../../access/verb';
import { change } from '../../change/change';
import { requireSession } from '../sessions/get-session';
import { requirePassword } from '../users/own-password';
import { makeChallenge, readChallenge } from './passkey-challenge';
import {
  PASSKEY_ALGORITHMS,
  MAX_PASSKEYS,
  type AddPasskeyInput,
  type Passkey,
  type PasskeyOptions,
  type PreparePasskeyInput,
} from './passkey.schema';
import { importPublicKey } from './verify-assertion';
import { isWithoutPassword } from './without-password.rules';
import { readAuthenticatorData, readClientData, readCredentialId } from './webauthn.rules';

const toPasskey = ({ id, name, createdAt, lastUsedAt }: PasskeyRow): Passkey => ({
  id,
  name,
  createdAt: toIso(createdAt),
  lastUsedAt: lastUsedAt === null ? null : toIso(lastUsedAt),
});

/**
 * Returns what a browser needs to make a passkey of the actor for this service. Throws 403 for a user without a password, 422 for a wrong one:
 * who has a session alone must not get a way in that outlasts it.
 */
export const preparePasskey = verb('session.own', async (ctx, input: PreparePasskeyInput): Promise<PasskeyOptions> => {
  const { id, name } = requireSession(ctx);
  await assertHasPassword(ctx, id);
  await requirePassword(ctx, input.password, 'adding a passkey');
  const known = await ctx.store.passkeys.list(id);
  return {
    challenge: makeChallenge(ctx, `add ${id}`),
    rp: { id: new URL(ctx.origin).hostname, name: 'Portico' },
    user: { id, name },
    algorithms: [...PASSKEY_ALGORITHMS],
    exclude: known.map(({ credential }) => credential),
  };
});

/**
 * Adds a passkey of the actor. Throws 403 for a user without a password, 422 for a response that does not answer a challenge of `preparePasskey`, and 409 `in_use` for a user
 * who has 20 of them, or for a credential that is there.
 */
export const addPasskey = verb('session.own', async (ctx, input: AddPasskeyInput): Promise<Passkey> => {
  const { id: userId } = requireSession(ctx);
  await assertHasPassword(ctx, userId);
  const { name, credential, clientData, authenticatorData, publicKey, algorithm } = input;
  const challenge = readClientData(clientData, 'webauthn.create', ctx.origin);
  const challengedAt = challenge === null ? null : readChallenge(ctx, `add ${userId}`, challenge);
  if (challengedAt === null)
    throw invalidField('clientData', 'invalid', 'does not answer a challenge of this service for you. Try again');
  const counter = readAuthenticatorData(authenticatorData, new URL(ctx.origin).hostname);
  if (counter === null || readCredentialId(authenticatorData) !== credential)
    throw invalidField('authenticatorData', 'invalid', 'must be of this credential and service, with a verified user');
  if ((await importPublicKey({ algorithm, spki: publicKey })) === null)
    throw invalidField('publicKey', 'invalid', 'must be a public key of the algorithm, as SPKI');
  const known = await ctx.store.passkeys.list(userId);
  if (known.length >= MAX_PASSKEYS)
    throw new ApiError('in_use', `You have ${MAX_PASSKEYS} passkeys. Remove one first.`);
  const now = ctx.now();
  const row = { id: newId('pky', now), userId, name, credential, createdAt: now, lastUsedAt: null };
  const added = toPasskey(row);
  await change(ctx, {
    action: 'passkey.create',
    id: row.id,
    changes: { name },
    write: ctx.store.passkeys.insert({ ...row, publicKey, algorithm, counter, challengedAt }),
    taken: new ApiError('in_use', 'This passkey is registered already.'),
    answer: added,
  });
  return added;
});

async function assertHasPassword({ store }: Pick<Context, 'store'>, userId: string): Promise<void> {
  const user = await store.users.credentialsOf(userId);
  if (!user || isWithoutPassword(user))
    throw new ApiError('forbidden', 'Your identity provider signs you in: passkeys are for users with a password.');
}

/** Lists the passkeys of the actor, oldest first. */
export const listPasskeys = verb('session.own', async (ctx): Promise<{ items: Passkey[] }> => {
  const { id } = requireSession(ctx);
  return { items: (await ctx.store.passkeys.list(id)).map(toPasskey) };
});

/** Removes a passkey of the actor: it signs in no more, and its sessions go on. Throws 404 for those of others. */
export const removePasskey = verb('session.own', async (ctx, id: string): Promise<void> => {
  const { id: userId } = requireSession(ctx);
  const row = (await ctx.store.passkeys.list(userId)).find((one) => one.id === id);
  if (row === undefined) throw notFound('passkey');
  await change(ctx, {
    action: 'passkey.delete',
    id,
    changes: { name: row.name },
    write: ctx.store.passkeys.remove(id, userId),
  });
});
