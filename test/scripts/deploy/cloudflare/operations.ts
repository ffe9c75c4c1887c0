import type { Context, Hono } from 'hono';
import type { Account } from './account.ts';

const envelope = (c: Context, result: unknown): Response => c.json({ success: true, errors: [], messages: [], result });

/** Mounts the routes of wrangler's commands in docs/operations.md that follow a deploy: secrets, versions and D1's Time Travel. */
export function mountOperations(root: Hono, account: Account): void {
  root.put('/workers/scripts/:name/secrets', async (c) => {
    const { name, text } = await c.req.json<{ name: string; text: string }>();
    account.worker(c.req.param('name')).bindings.set(name, { name, type: 'secret_text', text });
    return envelope(c, { name, type: 'secret_text' });
  });
  root.get('/workers/scripts/:name/versions/:id', (c) => envelope(c, shownVersion(c.req.param('id'))));
  root.post('/workers/scripts/:name/deployments', async (c) => {
    const { versions } = await c.req.json<{ versions: { version_id: string; percentage: number }[] }>();
    account.deployVersion(c.req.param('name'), versions[0]!.version_id);
    return envelope(c, { id: 'd' });
  });
  root.get('/d1/database/:key/time_travel/bookmark', (c) => {
    const at = c.req.query('timestamp');
    const bookmark = account.bookmark(c.req.param('key'), at === undefined ? account.now() : Date.parse(at));
    return envelope(c, { bookmark });
  });
  root.post('/d1/database/:key/time_travel/restore', (c) => {
    const key = c.req.param('key');
    const bookmark = c.req.query('bookmark')!;
    const previous_bookmark = account.bookmark(key, account.now());
    account.travel(key, bookmark);
    return envelope(c, { bookmark, previous_bookmark, message: '' });
  });
}

/** The deployments of a Worker as `GET /workers/scripts/:name/deployments` lists them, the newest first. */
export const shownDeployments = (account: Account, name: string): object[] =>
  (account.deployments.get(name) ?? []).map((version_id, at) => ({
    ...stamp(`${at}`),
    strategy: 'percentage',
    versions: [{ version_id, percentage: 100 }],
  }));

const shownVersion = (id: string): object => ({ ...stamp(id), number: 1, resources: {} });

const stamp = (id: string): object => ({
  id,
  source: 'wrangler',
  author_email: 'ada@example.com',
  created_on: '2026-11-22T12:00:00Z',
  annotations: {},
  metadata: { created_on: '2026-11-22T12:00:00Z', author_email: 'ada@example.com', source: 'wrangler' },
});
