import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import type { AuditRow, Precondition, Write } from '../../src/storage/commit';
import { createStore } from '../../src/storage/store';

const { commit: commitAll, keys, audit } = createStore(env);
const commit = (guarded: Write, entry: AuditRow, following: Write[] = [], preconditions: Precondition[] = []) =>
  commitAll({ guarded, entry, following, preconditions });
let serial = 0;
const key = (changes: object = {}) => {
  const id = `key_commit_${++serial}`;
  return {
    id,
    alias: 'a',
    hash: `hash_${id}`,
    prefix: null,
    active: true,
    createdAt: 1,
    updatedAt: 1,
    createdBy: 'x',
    ...changes,
  };
};
const entry = (objectId: string, id = `aud_${objectId}_${++serial}`) => ({
  id, at: 1, actorKind: 'user', actorId: 'x', action: 'key.test', object: 'key', objectId, requestId: 'req_1', changes: {},
}); // oxfmt-ignore
const audited = async (objectId: string): Promise<number> => (await audit.list({ objectId }, null, 100)).length;

test('a change and its audit row are written together', async () => {
  const row = key();
  expect(await commit(keys.insert(row), entry(row.id))).toEqual({ kind: 'done' });
  expect([(await keys.get(row.id))?.alias, await audited(row.id)]).toEqual(['a', 1]);
});

test('a guarded write that matches nothing is stale, and leaves neither an audit row nor what was to follow', async () => {
  const [row, other] = [key(), key()];
  await commit(keys.insert(row), entry(row.id));
  for (const write of [
    () => keys.update(row.id, 7, { alias: 'b' }),
    () => keys.revoke(row.id, 7, 1),
    () => keys.update('key_none', 1, { alias: 'b' }),
  ])
    expect(await commit(write(), entry(row.id), [keys.insert(other)])).toEqual({ kind: 'stale' });
  expect([(await keys.get(row.id))?.alias, await audited(row.id), await keys.get(other.id)]).toEqual([
    'a',
    1,
    undefined,
  ]);
});

test('a unique index in the way is taken, with its name, and nothing is written', async () => {
  const row = key();
  await commit(keys.insert(row), entry(row.id));
  const twin = key({ hash: row.hash });
  expect(await commit(keys.insert(twin), entry(twin.id))).toEqual({ kind: 'taken', index: 'keys.hash' });
  expect([await keys.get(twin.id), await audited(twin.id)]).toEqual([undefined, 0]);
});

test('a following write that fails undoes the change too', async () => {
  const row = key();
  await commit(keys.insert(row), entry(row.id));
  const result = await commit(keys.update(row.id, 1, { alias: 'b' }), entry(row.id), [keys.insert(row)]);
  expect(result.kind).toBe('taken');
  expect([(await keys.get(row.id))?.alias, await audited(row.id)]).toEqual(['a', 1]);
});

test('one of many concurrent changes of a revision succeeds', async () => {
  const row = key();
  await commit(keys.insert(row), entry(row.id));
  const results = await Promise.all(
    Array.from({ length: 8 }, (_, n) => commit(keys.update(row.id, 1, { alias: `a${n}` }), entry(row.id))),
  );
  expect(results.filter(({ kind }) => kind === 'done')).toHaveLength(1);
  expect(await audited(row.id)).toBe(2);
});

test('a precondition that does not hold leaves nothing; one that holds is as if it were not there', async () => {
  const { roles } = createStore(env);
  const [row, other] = [key(), key()];
  const insert = () => commit(keys.insert(row), entry(row.id), [keys.insert(other)], [roles.allExist(['of-commit'])]);
  expect(await insert()).toEqual({ kind: 'unmet' });
  expect([await keys.get(row.id), await keys.get(other.id), await audited(row.id)]).toEqual([undefined, undefined, 0]);
  await roles.insert({ name: 'of-commit', createdAt: 1 });
  expect(await insert()).toEqual({ kind: 'done' });
  expect(await audited(row.id)).toBe(1);
  const stale = commit(keys.update(row.id, 7, { alias: 'b' }), entry(row.id), [], [roles.allExist(['none'])]);
  expect(await stale).toEqual({ kind: 'stale' });
});

test('several changes are written together, each with its audit row, or none of them', async () => {
  const [one, two] = [key(), key()];
  const changeOf = (row: typeof one, guarded = keys.insert(row)) => ({ guarded, entry: entry(row.id) });
  expect(await commitAll(changeOf(one), changeOf(two))).toEqual({ kind: 'done' });
  expect([await audited(one.id), await audited(two.id)]).toEqual([1, 1]);
  const stale = { guarded: keys.update(two.id, 7, { alias: 'b' }), entry: entry(two.id) };
  const fresh = { guarded: keys.update(one.id, 1, { alias: 'b' }), entry: entry(one.id) };
  expect(await commitAll(fresh, stale)).toEqual({ kind: 'stale' });
  expect([(await keys.get(one.id))?.alias, await audited(one.id)]).toEqual(['a', 1]);
  expect(await commitAll()).toEqual({ kind: 'done' });
});
