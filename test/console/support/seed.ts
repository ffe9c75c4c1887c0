import type { AdminClient } from '../../../scripts/admin-client.ts';

export interface Seeded {
  /** Id of the endpoint `quote`, which accepts the key `shop`. No test changes either. */
  quoteId: string;
  /** Id of an endpoint that accepts the key `ours`. */
  sharedId: string;
  keyId: string;
}

/** The password of the user `vera`, who may read and nothing else. */
export const VIEWER_PASSWORD = 'the password of a viewer';

/** What an attacker would write where text goes: markup, marks that turn the direction of text, a quote. */
export const HOSTILE = `"><img src=x onerror=alert(1)><script>alert(2)</script> \u202etxt.exe '; rm`;

/** Puts something of every kind into a new service. */
export async function seed(admin: AdminClient): Promise<Seeded> {
  const source = 'export default ({ amount }) => ({ total: amount * 12 });';
  await admin.post('/admin/handlers', { path: 'pricing/quote.js', source });
  const key = await admin.post<{ id: string }>('/admin/keys', { alias: 'shop' });
  const handler = { path: 'pricing/quote.js' };
  const parameters = [
    { name: 'amount', type: 'integer', required: true, test: 10 },
    { name: 'note', test: "it's" },
  ];
  const quote = await admin.post<{ id: string }>('/admin/endpoints', {
    path: 'quote',
    title: 'Price of an order',
    folder: 'pricing',
    handler,
    parameters,
    access: { level: 'key', keys: [key.id] },
  });
  const ours = await admin.post<{ id: string }>('/admin/keys', { alias: 'ours' });
  const shared = await admin.post<{ id: string }>('/admin/endpoints', {
    path: 'shared',
    handler,
    access: { level: 'key', keys: [ours.id] },
  });
  await admin.post('/admin/endpoints', { path: 'open', handler, access: { level: 'public' } });
  await admin.post('/admin/endpoints', {
    path: 'hostile',
    title: HOSTILE,
    description: HOSTILE,
    folder: HOSTILE,
    handler,
  });
  await admin.post('/admin/users', { name: 'vera', password: VIEWER_PASSWORD, roles: ['viewer'] });
  return { quoteId: quote.id, sharedId: shared.id, keyId: key.id };
}
