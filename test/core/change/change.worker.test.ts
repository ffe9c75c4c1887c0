import { expect, test } from 'vitest';
import { change, tryChange } from '../../../src/core/change/change';
import type { Change } from '../../../src/core/change/wanted-change';
import { ApiError } from '../../../src/kernel/errors';
import { testContext } from '../../support/context';

const ctx = testContext();
const { roles, audit } = ctx.store;
let serial = 0;
const role = () => ({ name: `role-${++serial}`, description: 'a', revision: 1, createdAt: 1 });
const stored = async (name: string) => (await roles.get(name))?.description;
const audited = async (objectId: string) =>
  (await audit.list({ objectId }, null, 100)).map(({ action, changes, requestId }) => ({ action, changes, requestId }));

/** A role as it is stored, and a change of its description that asks for `revision`. */
async function describeRole(revision: number): Promise<{ name: string; wanted: Change }> {
  const { name, ...row } = role();
  await change(ctx, { action: 'role.create', id: name, write: roles.insert({ name, ...row }) });
  return {
    name,
    wanted: {
      action: 'role.update',
      id: name,
      changes: { description: 'b' },
      write: roles.update(name, revision, 'b'),
      revision,
    },
  };
}

test('a change is made with what follows from it, and has one row in the audit trail', async () => {
  const { name, wanted } = await describeRole(1);
  const other = role();
  await change(ctx, { ...wanted, also: [roles.insert(other)] });
  expect([await stored(name), await stored(other.name)]).toEqual(['b', 'a']);
  // Without an order: the creation may be of the same millisecond.
  expect((await audited(name)).filter(({ action }) => action !== 'role.create')).toEqual([
    { action: 'role.update', changes: { description: 'b' }, requestId: ctx.requestId },
  ]);
});

test('a change of another revision is 412 and changes nothing; what was prepared for it is taken back', async () => {
  const { name, wanted } = await describeRole(7);
  let undone = 0;
  const refused = change(ctx, { ...wanted, undo: async () => void undone++ });
  await expect(refused).rejects.toMatchObject({ code: 'stale_revision', message: expect.stringContaining('8') });
  expect([await stored(name), (await audited(name)).length, undone]).toEqual(['a', 1, 1]);
});

test('a value that is taken is the error of the change, or name_taken', async () => {
  const row = role();
  const create = (): Change => ({ action: 'role.create', id: row.name, write: roles.insert(row) });
  await change(ctx, create());
  await expect(change(ctx, create())).rejects.toMatchObject({ code: 'name_taken' });
  const taken = new ApiError('key_taken', 'Choose another.');
  await expect(change(ctx, { ...create(), taken })).rejects.toBe(taken);
});

test('a change asks for what it names: 412 when that has gone, 409 with the uses when it is in use', async () => {
  const { name, wanted } = await describeRole(1);
  const gone = change(ctx, { ...wanted, requires: [roles.allExist(['no-such-role'])] });
  await expect(gone).rejects.toMatchObject({ code: 'stale_revision' });
  const user = { id: 'usr_change', name: 'change', passwordHash: 'x', active: true, roles: [name], createdAt: 1 };
  await change(ctx, {
    action: 'user.create',
    id: user.id,
    write: ctx.store.users.insert({ ...user, updatedAt: 1 }),
  });
  const used = { noun: 'role', name } as const;
  await expect(change(ctx, { ...wanted, unused: { used, force: false, advice: 'Wait.' } })).rejects.toMatchObject({
    code: 'in_use',
    message: expect.stringMatching(/user change\. Wait\.$/),
  });
  expect(await stored(name)).toBe('a');
});

test('an explanation goes before the usual error, where there is one', async () => {
  const { wanted } = await describeRole(7);
  const own = new ApiError('last_admin', 'Make another one first.');
  await expect(change(ctx, { ...wanted, explain: ({ kind }) => (kind === 'stale' ? own : undefined) })).rejects.toBe(
    own,
  );
  await expect(change(ctx, { ...wanted, explain: () => undefined })).rejects.toMatchObject({ code: 'stale_revision' });
});

test('the answer of a new thing is kept with it for a repeat', async () => {
  const row = role();
  const key = `change-${serial}`;
  const firstAnswer = (answer: unknown) => ({
    actorId: 'usr_x', key, requestHash: 'h', status: 201, body: JSON.stringify(answer), createdAt: ctx.now(),
  }); // prettier-ignore
  const create = { action: 'role.create', id: row.name, write: roles.insert(row), answer: { name: row.name } } as const;
  await change({ ...ctx, firstAnswer }, create);
  expect((await ctx.store.idempotency.get('usr_x', key))?.body).toBe(JSON.stringify({ name: row.name }));
});

test('an attempt returns whether it was made', async () => {
  const { name, wanted } = await describeRole(1);
  expect([await tryChange(ctx, wanted), await tryChange(ctx, wanted)]).toEqual([true, false]);
  expect(await stored(name)).toBe('b');
});

test('every change invalidates the cache of the isolate, also when its outcome is unknown', async () => {
  let invalidated = 0;
  const counting = { ...ctx, cache: { ...ctx.cache, invalidate: () => void invalidated++ } };
  const { wanted } = await describeRole(1);
  await change(counting, wanted);
  await expect(change(counting, wanted)).rejects.toThrow();
  const lost = { ...ctx.store, commit: () => Promise.reject(new Error('connection lost')) };
  await expect(change({ ...counting, store: lost }, wanted)).rejects.toThrow('connection lost');
  expect(invalidated).toBe(3);
});
