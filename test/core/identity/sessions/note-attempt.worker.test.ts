import { beforeEach, describe, expect, it } from 'vitest';
import type { Context } from '../../../../src/core/access/context';
import { ATTEMPTS_WINDOW_SECONDS } from '../../../../src/core/identity/sessions/limit-attempts';
import { identifyBasic } from '../../../../src/plynx/session/identify-basic';
import { createDemoUser } from '../../../../src/plynx/session/passwordless-user';
import { signIn } from '../../../../src/core/identity/sessions/sign-in';
import { bootstrap } from '../../../../src/core/identity/users/bootstrap';
import { changePassword } from '../../../../src/core/identity/users/change-password';
import { drain, testContext } from '../../../support/context';
import { unique } from '../../../support/publish';
import { clearOfWindowEnd } from '../../../support/rate-window';
import { createUser, freshAddress } from '../../../support/sign-in';

const PASSWORD = 'a password of tests';
beforeEach(() => clearOfWindowEnd(ATTEMPTS_WINDOW_SECONDS), 30_000);

const stranger = (address = freshAddress()): Context =>
  testContext({ kind: 'anonymous', credential: 'none' }, { address });
/** Entries of the audit trail for requests from an address, oldest first. */
async function notesOf({ address, store }: Context) {
  await drain();
  const rows = await store.audit.list({ object: 'session', text: address }, null, 100);
  return rows
    .toReversed()
    .filter(({ action }) => action !== 'session.create')
    .map(({ action, actorKind, objectId, changes }) => ({ action, actorKind, objectId, changes }));
}
const quietly = (work: Promise<unknown>): Promise<void> =>
  work.then(
    () => undefined,
    () => undefined,
  );

describe('an attempt that fails leaves a row', () => {
  it('for sign-in, with the user and not the input', async () => {
    const { id, name } = await createUser(unique('ann'), [], PASSWORD);
    const ctx = stranger();
    await quietly(signIn(ctx, { name: name.toUpperCase(), password: 'wrong' }));
    await quietly(signIn(ctx, { name: PASSWORD, password: name }));
    await signIn(ctx, { name, password: PASSWORD });
    const notes = await notesOf(ctx);
    expect(notes).toEqual(
      [id, 'unknown'].map((objectId) => ({
        action: 'session.refuse',
        actorKind: 'anonymous',
        objectId,
        changes: { address: ctx.address, by: 'password' },
      })),
    );
    expect(JSON.stringify(notes)).not.toContain(PASSWORD);
  });

  it('for HTTP Basic, bootstrap and a change of password', async () => {
    const { id, name } = await createUser(unique('bob'), [], PASSWORD);
    const ctx = stranger();
    await identifyBasic(ctx, name, 'wrong');
    await identifyBasic(ctx, name, PASSWORD);
    await quietly(bootstrap(ctx, 'wrong', { name: 'x', password: PASSWORD }));
    const own = { ...ctx, actor: { kind: 'user' as const, id, name, roles: [], sessionId: 'ses_1' } };
    await quietly(changePassword(own, { password: 'wrong', newPassword: PASSWORD }));
    const notes = await notesOf(ctx);
    expect(notes.map(({ objectId, changes }) => [objectId, changes.by]).toSorted()).toEqual(
      [
        [id, 'basic'],
        ['unknown', 'bootstrap token'],
        [id, 'change of the password'],
      ].toSorted(),
    );
  });

  it('for a locked account: the first, tenth and hundredth refusal', async () => {
    const { id, name } = await createUser(unique('eve'), [], PASSWORD);
    const ctx = stranger();
    for (let i = 0; i < 10 + 25; i++) await quietly(signIn(ctx, { name, password: 'wrong' }));
    const notes = await notesOf(ctx);
    expect(notes.filter(({ action }) => action === 'session.refuse')).toHaveLength(10);
    expect(notes.filter(({ action }) => action === 'session.lock')).toMatchObject([
      { objectId: id, changes: { purpose: 'sign-in', limit: 10, refused: 1 } },
      { objectId: id, changes: { purpose: 'sign-in', limit: 10, refused: 10 } },
    ]);
  });

  it('for a locked network, also when it makes demo users', async () => {
    const ctx = stranger('2001:db8:50:1::1');
    for (let i = 0; i < 100; i++) await ctx.limiter.take('sign-in 2001:db8:50:1::/64', 100, 900);
    await quietly(signIn(ctx, { name: 'x', password: 'x' }));
    for (let i = 0; i < 30; i++) await ctx.limiter.take('demo 2001:db8:50:1::/64', 30, 3600);
    await quietly(createDemoUser(ctx));
    expect((await notesOf(ctx)).map(({ objectId, changes }) => [objectId, changes.purpose])).toEqual([
      ['unknown', 'sign-in'],
      ['unknown', 'demo'],
    ]);
  });
});

it('anonymous attempts fill the audit trail to a bound, and an entry counts the rest', async () => {
  await clearOfWindowEnd(3600);
  const ctx = stranger();
  // The rest of this hour's rows.
  while ((await ctx.limiter.take('attempts in the audit trail', 500, 3600)).allowed);
  const { name } = await createUser(unique('fay'), [], PASSWORD);
  for (let i = 0; i < 9; i++) await quietly(signIn(ctx, { name, password: 'wrong' }));
  await drain();
  expect(await notesOf(ctx)).toEqual([]);
  const floods = await ctx.store.audit.list({ action: 'session.flood' }, null, 10);
  expect(floods).toMatchObject([{ objectId: 'unknown', changes: { leftOut: 10 } }]);
});
