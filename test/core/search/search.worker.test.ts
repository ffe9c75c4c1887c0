import { beforeAll, describe, expect, it } from 'vitest';
import { CreateTableInput } from '../../../src/core/tables/catalogue/table.schema';
import { createTable } from '../../../src/core/tables/catalogue/create-table';
import { deleteKey } from '../../../src/core/identity/keys/delete-key';
import { createRole } from '../../../src/core/identity/roles/create-role';
import { CreateRoleInput } from '../../../src/core/identity/roles/role.schema';
import { search } from '../../../src/core/search/search';
import { SearchQuery } from '../../../src/core/search/search.schema';
import { actorWith, testContext } from '../../support/context';
import { insertUser } from '../../support/people';
import { makeKey, publish, unique } from '../../support/publish';

const word = unique('found').replaceAll('-', '');
const find = async (q: string, ctx = testContext()) => (await search(ctx, SearchQuery.parse({ q }))).items;
const nounsOf = (items: { noun: string }[]): string[] => [...new Set(items.map(({ noun }) => noun))].toSorted();

describe('search', () => {
  let endpointId = '';
  beforeAll(async () => {
    const { endpoint } = await publish('export default () => 1', { title: `The ${word.toUpperCase()}` });
    endpointId = endpoint.id;
    await makeKey({ alias: `${word} key` });
    await insertUser(`${word}-user`);
    await createRole(testContext(), CreateRoleInput.parse({ name: 'staff' }));
    for (const read of [[], ['staff']])
      await createTable(
        testContext(),
        CreateTableInput.parse({
          name: unique(word).replaceAll('-', '_'),
          read,
          columns: [{ name: 'n', type: 'text' }],
        }),
      );
  });

  it('finds every noun by a part of its name, in any case', async () => {
    const items = await find(word.slice(1).toUpperCase());
    expect(nounsOf(items)).toEqual(['endpoint', 'key', 'table', 'user']);
    expect(items.filter(({ noun }) => noun === 'table')).toHaveLength(2);
  });

  it('finds no deleted key', async () => {
    const { id, alias } = await makeKey({ alias: unique('gone') });
    expect(await find(alias)).toMatchObject([{ noun: 'key', id }]);
    await deleteKey(testContext(), id, false, null);
    expect([...(await find(alias)), ...(await find(id))]).toEqual([]);
  });

  it('finds what an id names', async () => {
    expect(await find(endpointId)).toMatchObject([{ noun: 'endpoint', id: endpointId }]);
  });

  it('takes no character for a wildcard', async () => {
    for (const q of ['%', '_______________________', "' or 1=1 --"]) expect(await find(q)).toEqual([]);
  });

  it('finds five of a noun', async () => {
    const many = unique('many');
    for (let i = 0; i < 7; i++) await insertUser(`${many}-${i}`);
    expect(await find(many)).toHaveLength(5);
  });

  it('shows only what the actor may see', async () => {
    expect(await find(word, testContext(actorWith()))).toEqual([]);
    const staff = await find(word, testContext(actorWith('staff')));
    expect(nounsOf(staff)).toEqual(['table']);
    expect(staff).toHaveLength(1);
  });
});
