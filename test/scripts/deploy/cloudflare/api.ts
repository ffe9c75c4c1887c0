import { Hono, type Context } from 'hono';
import { type Account, type Metadata, Refusal, type Worker } from './account.ts';
import { mountOperations, shownDeployments } from './operations.ts';

const envelope = (c: Context, result: unknown, more: object = {}): Response =>
  c.json({ success: true, errors: [], messages: [], result, ...more });

const page = (items: readonly unknown[]): object => ({
  result_info: { page: 1, per_page: 1000, count: items.length, total_count: items.length, total_pages: 1 },
});

/**
 * The part of Cloudflare's API that wrangler uses for a deploy, in the forms that it sends and reads. What is not here is answered with an
 * error that names it, so that a wrangler which asks something else fails the test. `uploaded` is called with every new Worker.
 */
export function cloudflareApi(account: Account, token: string, uploaded: (worker: Worker) => Promise<void>): Hono {
  const api = new Hono().basePath('/client/v4');
  api.use(async (c, next) => {
    const bearer = c.req.header('authorization')?.replace('Bearer ', '');
    const isAssetToken = c.req.path.endsWith('/workers/assets/upload');
    if (bearer !== token && !isAssetToken) throw new Refusal(403, 9109, 'Invalid access token');
    await next();
  });
  api.onError((error, c) => {
    const { status, code, message } =
      error instanceof Refusal ? error : { status: 500, code: 10000, message: error.stack ?? error.message };
    const body = { success: false, errors: [{ code, message }], messages: [], result: null };
    return c.json(body, status as 400);
  });
  api.notFound((c) => {
    throw new Refusal(501, 1, `the test's Cloudflare does not know ${c.req.method} ${c.req.path}`);
  });
  api.get('/accounts', (c) => envelope(c, [{ id: account.id, name: 'Ada' }], page([account])));
  const root = api.basePath(`/accounts/${account.id}`);
  mountStores(root, account);
  mountWorkers(root, account, uploaded);
  mountTriggers(root, account);
  mountOperations(root, account);
  return api;
}

function mountStores(root: Hono, account: Account): void {
  root.get('/d1/database', (c) => envelope(c, [], page([])));
  root.post('/d1/database', async (c) => {
    const { name } = await c.req.json<{ name: string }>();
    return envelope(c, account.createDatabase(name));
  });
  root.get('/d1/database/:key', (c) => {
    const { uuid, name } = account.database(c.req.param('key'));
    return envelope(c, { uuid, name });
  });
  root.post('/d1/database/:key/query', async (c) => {
    const { sql } = await c.req.json<{ sql: string }>();
    return envelope(c, [{ results: account.query(c.req.param('key'), sql), success: true, meta: { duration: 1 } }]);
  });
  root.get('/storage/kv/namespaces', (c) => {
    const all = [...account.namespaces].map(([id, title]) => ({ id, title }));
    return envelope(c, all, page(all));
  });
  root.post('/storage/kv/namespaces', async (c) => {
    const { title } = await c.req.json<{ title: string }>();
    return envelope(c, account.createNamespace(title));
  });
  root.get('/r2/buckets', (c) => envelope(c, { buckets: [...account.buckets].map((name) => ({ name })) }));
  root.get('/r2/buckets/:name', (c) => {
    const name = c.req.param('name');
    if (!account.buckets.has(name)) throw new Refusal(404, 10006, 'The specified bucket does not exist.');
    return envelope(c, { name });
  });
  root.post('/r2/buckets', async (c) => {
    account.createBucket((await c.req.json<{ name: string }>()).name);
    return envelope(c, {});
  });
}

function mountWorkers(root: Hono, account: Account, uploaded: (worker: Worker) => Promise<void>): void {
  root.get('/workers/services/:name', (c) => {
    const name = c.req.param('name');
    if (!account.workers.has(name)) throw new Refusal(404, 10090, 'This service does not exist on your account.');
    const environment = { environment: 'production', script: { last_deployed_from: 'wrangler', tag: name } };
    return envelope(c, { id: name, default_environment: environment });
  });
  root.get('/workers/scripts/:name/settings', (c) => {
    const { bindings } = account.worker(c.req.param('name'));
    const shown = [...bindings.values()].map(({ text, ...rest }) =>
      rest.type === 'secret_text' ? rest : { ...rest, ...(text !== undefined && { text }) },
    );
    return envelope(c, { bindings: shown });
  });
  root.get('/workers/scripts/:name/secrets', (c) => {
    const all = [...account.worker(c.req.param('name')).bindings.values()];
    return envelope(
      c,
      all.filter(({ type }) => type === 'secret_text').map(({ name, type }) => ({ name, type })),
    );
  });
  root.delete('/workers/scripts/:name/secrets/:secret', (c) => {
    const { bindings } = account.worker(c.req.param('name'));
    if (!bindings.delete(c.req.param('secret'))) throw new Refusal(404, 10056, 'Secret not found');
    return envelope(c, null);
  });
  root.post('/workers/scripts/:name/assets-upload-session', async (c) => {
    const { manifest } = await c.req.json<{ manifest: Record<string, { hash: string }> }>();
    return envelope(c, account.openAssets(manifest));
  });
  root.post('/workers/assets/upload', async (c) => {
    for (const [hash, part] of await c.req.formData())
      account.storeAsset(hash, Buffer.from(typeof part === 'string' ? part : await part.text(), 'base64'));
    const jwt = c.req.header('authorization')!.replace('Bearer ', '');
    return c.json({ success: true, errors: [], messages: [], result: { jwt } }, 201);
  });
  root.put('/workers/scripts/:name', async (c) => {
    const form = await c.req.formData();
    const metadata = JSON.parse(form.get('metadata') as string) as Metadata;
    const parts = [...form].filter((entry): entry is [string, File] => entry[1] instanceof File);
    const modules = await Promise.all(
      parts.map(async ([name, file]) => ({ name, type: file.type, bytes: Buffer.from(await file.arrayBuffer()) })),
    );
    await uploaded(account.putWorker(c.req.param('name'), metadata, modules));
    return envelope(c, { id: c.req.param('name'), startup_time_ms: 80 });
  });
  root.get('/workers/scripts/:name/deployments', (c) =>
    envelope(c, { deployments: shownDeployments(account, c.req.param('name')) }),
  );
  root.get('/workers/workers/:name', (c) => {
    const { isOnWorkersDev } = account.worker(c.req.param('name'));
    return envelope(c, { id: 'w', subdomain: { enabled: isOnWorkersDev, previews_enabled: false } });
  });
}

function mountTriggers(root: Hono, account: Account): void {
  root.get('/workers/subdomain', (c) => {
    if (account.subdomain === null) throw new Refusal(404, 10007, 'You do not have a workers.dev subdomain.');
    return envelope(c, { subdomain: account.subdomain });
  });
  root.post('/workers/scripts/:name/subdomain', async (c) => {
    const { enabled } = await c.req.json<{ enabled: boolean }>();
    account.worker(c.req.param('name')).isOnWorkersDev = enabled;
    return envelope(c, { enabled, previews_enabled: false });
  });
  root.put('/workers/scripts/:name/schedules', async (c) => {
    const schedules = await c.req.json<{ cron: string }[]>();
    account.worker(c.req.param('name')).crons = schedules.map(({ cron }) => cron);
    return envelope(c, { schedules });
  });
  root.get('/workers/domains', (c) => {
    const service = account.domains.get(c.req.query('hostname') ?? '');
    return envelope(c, service === undefined ? [] : [{ id: 'd', service }]);
  });
  root.get('/workflows/:name', (c) => {
    const script_name = account.workflows.get(c.req.param('name'));
    if (script_name === undefined) throw new Refusal(404, 10200, 'workflow.not_found');
    return envelope(c, { id: c.req.param('name'), name: c.req.param('name'), script_name });
  });
  root.put('/workflows/:name', async (c) => {
    const body = await c.req.json<{ script_name: string }>();
    account.workflows.set(c.req.param('name'), body.script_name);
    return envelope(c, { ...body, id: c.req.param('name'), name: c.req.param('name') });
  });
}
