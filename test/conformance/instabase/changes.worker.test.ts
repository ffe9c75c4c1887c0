import { describe, expect, test } from 'vitest';
import { instabase, saveScript, setUpInstabase, wrong } from '../../support/instabase';
import { unique } from '../../support/publish';

/* PATCH and the list of the API of Instabase. Numbers are those of docs/compat/instabase.md. */

const { HELLO, token, make } = await setUpInstabase();

describe('I10: PATCH /<id> changes any subset', () => {
  test('the whole body of the document', async () => {
    const { id } = await make();
    const path = unique('p');
    const body = { id, path, handler_script_path: HELLO, enabled: true };
    const answer = await instabase('PATCH', `/${id}`, { token, body });
    expect([answer.status, answer.body]).toEqual([200, { id }]);
    expect((await instabase('GET', `/${id}`, { token })).body).toEqual({
      id,
      path,
      handler_script_path: HELLO,
      state: 'ENABLED',
    });
  });

  test('the path: the old URL ends, the new one answers', async () => {
    const { id, path } = await make();
    const moved = unique('moved');
    await instabase('PATCH', `/${id}`, { token, body: { path: moved } });
    expect((await instabase('GET', `/u/${path}`, { token })).status).toBe(404);
    expect((await instabase('GET', `/u/${moved}`, { token })).status).toBe(200);
  });

  test.each([
    { path: '' },
    { handler_script_path: '' },
    { enabled: 'false' },
    { enabled: 0 },
    { id: 'another-id' },
    { id: '' },
    { state: 'DISABLED' },
  ])('%j is refused, and nothing changes', async (body) => {
    const { id } = await make();
    const before = (await instabase('GET', `/${id}`, { token })).body;
    expect(await instabase('PATCH', `/${id}`, { token, body })).toMatchObject({
      status: 400,
      body: { status: 'ERROR' },
    });
    expect((await instabase('GET', `/${id}`, { token })).body).toEqual(before);
  });

  test('an id that is not there is a 404', async () => {
    expect(await instabase('PATCH', '/i10-none', { token, body: { enabled: true } })).toMatchObject(
      wrong(404, 'not_found'),
    );
  });

  test.each(['', '{', '[1]', 'null', '{"enabled": true, "enabled": false}', '['.repeat(200_000)])(
    'a body that is no JSON object is refused (%#)',
    async (body) => {
      const { id } = await make();
      expect((await instabase('PATCH', `/${id}`, { token, body })).status).toBe(400);
    },
  );
});

test('PATCH accepts the body of a GET; `enabled` changes it, `state` does not', async () => {
  const { id } = await make();
  const { body: shown } = await instabase('GET', `/${id}`, { token });
  expect((await instabase('PATCH', `/${id}`, { token, body: shown })).status).toBe(200);
  expect((await instabase('GET', `/${id}`, { token })).body).toEqual(shown);
  await instabase('PATCH', `/${id}`, { token, body: { ...(shown as object), enabled: false } });
  expect((await instabase('GET', `/${id}`, { token })).body).toMatchObject({ state: 'DISABLED' });
});

describe('I12, T9: GET /list', () => {
  const ids = async (query: string) => {
    const { status, body, text } = await instabase('GET', `/list${query}`, { token });
    if (status !== 200) throw new Error(text);
    return (body.endpoints as { id: string }[]).map(({ id }) => id);
  };

  test('by id echoes the filter, as the document shows it', async () => {
    const { id, path } = await make(HELLO);
    const found = await instabase('GET', `/list?id=${id}`, { token });
    expect([found.status, found.body]).toEqual([
      200,
      { id, endpoints: [{ id, path, handler_script_path: HELLO, state: 'ENABLED' }] },
    ]);
    expect((await instabase('GET', '/list?id=none', { token })).body).toEqual({ id: 'none', endpoints: [] });
  });

  test('all four filters under all their names', async () => {
    const script = await saveScript(`/i12/${unique('with space ')}.js`, 'export const handler = () => "x"');
    const [on, off] = [await make(script), await make(script)];
    await instabase('PATCH', `/${off.id}`, { token, body: { enabled: false } });
    const at = encodeURIComponent(script);
    expect(await ids(`?path=${on.path}`)).toEqual([on.id]);
    expect(await ids(`?handler=${at}`)).toEqual([on.id, off.id]);
    expect(await ids(`?handler_script_path=${at}`)).toEqual([on.id, off.id]);
    expect(await ids(`?handler=${at}&handler_script_path=${at}&state=ENABLED&enabled=True`)).toEqual([on.id]);
    expect(await ids(`?handler=${at}&state=DISABLED`)).toEqual([off.id]);
    expect(await ids(`?handler=${at}&enabled=false`)).toEqual([off.id]);
    expect(await ids(`?id=${on.id}&path=${off.path}`)).toEqual([]);
    expect(await ids(`?id=&path=&handler=${at}&state=&offset=&limit=`)).toEqual([on.id, off.id]);
  });

  test('offset and limit cut the list, oldest first; no filter is every entry', async () => {
    const script = await saveScript(`/i12/${unique('many')}.js`, 'export const handler = () => "x"');
    const made = [await make(script), await make(script), await make(script)].map(({ id }) => id);
    const at = `handler=${encodeURIComponent(script)}`;
    expect(await ids(`?${at}&limit=2`)).toEqual(made.slice(0, 2));
    expect(await ids(`?${at}&offset=1&limit=1`)).toEqual([made[1]]);
    expect(await ids(`?${at}&offset=2`)).toEqual([made[2]]);
    expect(await ids(`?${at}&offset=3`)).toEqual([]);
    const all = await instabase('GET', '/list', { token });
    expect(all.body.id).toBe('');
    expect(await ids('')).toEqual(expect.arrayContaining(made));
  });

  test.each([
    '?limit=0',
    '?limit=-1',
    '?limit=1e9',
    '?limit=x',
    '?offset=-1',
    '?offset=1.5',
    '?state=on',
    '?enabled=1',
    '?order=id',
    '?id=a&id=b',
    '?handler=a.py&handler_script_path=b.py',
    '?state=ENABLED&enabled=false',
  ])('%s is refused', async (query) => {
    expect(await instabase('GET', `/list${query}`, { token })).toMatchObject(wrong(400, 'invalid_parameter'));
  });

  test('quotes and wildcards are text, not SQL', async () => {
    expect(await ids(`?id=${encodeURIComponent("' or 1=1 --")}`)).toEqual([]);
    expect(await ids('?path=%25')).toEqual([]);
  });
});
