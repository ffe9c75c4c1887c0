import { call } from '../../../console/src/api/call';

/*
 * Calls that the types of the client of the console admit: compiled by `npm run check`, never run. Each `@ts-expect-error` fails when its line
 * compiles.
 */

export async function admitted(): Promise<string[]> {
  const page = await call('GET /admin/runs', { query: { outcome: 'failed' } });
  const id: string = page.items[0]!.id;
  const { user } = await call('GET /admin/session');
  const key = await call('PATCH /admin/keys/:id', { params: { id }, body: { key: true }, ifMatch: 3 });
  const { items } = await call('GET /admin/endpoints');
  return [user.name, key.alias, ...items.map(({ url }) => url)];
}

export async function refused(): Promise<void> {
  // @ts-expect-error runs have no such kind
  await call('GET /admin/runs', { query: { kind: 'nope' } });
  // @ts-expect-error there is no such route
  await call('GET /admin/nope');
  // @ts-expect-error a key needs an alias
  await call('POST /admin/keys', { body: {} });
  // @ts-expect-error the path needs its id
  await call('GET /admin/runs/:id');
  // @ts-expect-error a run has no revision
  await call('DELETE /admin/runs/:id', { params: { id: 'x' }, ifMatch: 1 });
}
