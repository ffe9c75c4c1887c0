import type { AdminClient } from '../../../scripts/admin-client.ts';
import { seedFiles } from './seed-files.ts';

export interface Seeded {
  /** Id of the endpoint `quote`, which accepts the key `shop`. No test changes either. */
  quoteId: string;
  /** Id of an endpoint that accepts the key `ours`. */
  sharedId: string;
  /** Id of the endpoint `open`, which has a schedule and an alert. */
  openId: string;
  keyId: string;
  /** Id of the table `orders`, of 500 rows whose `amount` counts from 0. */
  tableId: string;
  /** Id of the user `vera`. */
  veraId: string;
  /** Id of the handler of `quote`, and of one that tests change. */
  handlerId: string;
  draftedId: string;
  /** Id of a handler of two files, with two versions. */
  filesId: string;
  /** Id of the workflow of the endpoint `order`. */
  workflowId: string;
  /** Id of a run that failed in the step `tooMuch`. */
  failedRunId: string;
  /** Id of a run whose request, error, steps and logs are `HOSTILE`. */
  hostileRunId: string;
  /** Id of a draft of two nodes without a link. No test changes it. */
  graphId: string;
  /** Id of an approved operation. */
  operationId: string;
}

/** The password of the user `vera`, who may read and nothing else. */
export const VIEWER_PASSWORD = 'the password of a viewer';

/** The value of a secret, which no screen may have. */
export const SECRET = 'value-of-the-shop-token';

/** Text that an attacker could write: markup, marks that turn the direction of text, a quote. */
export const HOSTILE = `"><img src=x onerror=alert(1)><script>alert(2)</script> \u202etxt.exe '; rm`;

/** Puts something of every kind into a new service. */
export async function seed(admin: AdminClient): Promise<Seeded> {
  const source = 'export default ({ amount }) => ({ total: amount * 12 });';
  const priced = await admin.post<{ id: string }>('/admin/handlers', { path: 'pricing/quote.js', source });
  const drafted = await admin.post<{ id: string }>('/admin/handlers', { path: 'pricing/drafted.ts', source });
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
  const ours = await admin.post<{ id: string }>('/admin/keys', { alias: 'ours', quota: { perDay: 100_000 } });
  const shared = await admin.post<{ id: string }>('/admin/endpoints', {
    path: 'shared',
    handler,
    access: { level: 'key', keys: [ours.id] },
  });
  await admin.post('/admin/roles', { name: 'billing', description: 'Sees invoices' });
  await admin.put('/admin/secrets/SHOP_TOKEN', { value: SECRET, description: 'Of the shop', roles: ['billing'] });
  const open = {
    path: 'open',
    handler,
    access: { level: 'public' },
    secrets: ['SHOP_TOKEN'],
    schedules: [{ name: 'nightly', cron: '30 2 * * *', zone: 'Europe/Berlin', parameters: { amount: 1 } }],
    alert: { url: 'https://hooks.example.com/portico', secret: 'SHOP_TOKEN', failures: 100_000 },
  };
  const opened = await admin.post<{ id: string }>('/admin/endpoints', open);
  await admin.post('/admin/endpoints', { path: 'drafted', handler: { path: 'pricing/drafted.ts' }, parameters });
  await admin.post('/admin/endpoints', {
    path: 'hostile',
    title: HOSTILE,
    description: HOSTILE,
    folder: HOSTILE,
    handler,
  });
  const table = await admin.post<{ id: string }>('/admin/tables', {
    name: 'orders',
    columns: [
      { name: 'item', type: 'text', required: true },
      { name: 'amount', type: 'integer' },
      { name: 'note', type: 'longtext' },
    ],
  });
  const rows = Array.from({ length: 500 }, (_, i) => ({
    item: `item ${i}`,
    amount: i,
    note: i === 0 ? HOSTILE : null,
  }));
  await admin.post(`/admin/tables/${table.id}/rows`, { rows });
  const vera = await admin.post<{ id: string }>('/admin/users', {
    name: 'vera',
    password: VIEWER_PASSWORD,
    roles: ['viewer'],
  });
  return {
    quoteId: quote.id,
    sharedId: shared.id,
    openId: opened.id,
    keyId: key.id,
    veraId: vera.id,
    handlerId: priced.id,
    draftedId: drafted.id,
    filesId: await seedFiles(admin),
    tableId: table.id,
    ...(await seedRuns(admin)),
    ...(await seedGraphs(admin)),
  };
}

interface Ran {
  run: { id: string };
}

/** Makes runs of all kinds that the screens of runs are for. */
async function seedRuns(admin: AdminClient): Promise<Pick<Seeded, 'failedRunId' | 'hostileRunId' | 'workflowId'>> {
  const tooMuch = { id: 'tooMuch', do: 'throw', message: 'the warehouse has no such quantity' };
  const [order, workflowId] = await publish(admin, 'order', {
    kind: 'workflow',
    steps: [
      { id: 'total', do: 'set', name: 'total', value: { $: 'params.quantity * 12' } },
      { id: 'refuse', do: 'if', when: { $: 'vars.total > 100' }, then: [tooMuch] },
      { id: 'answer', do: 'respond', body: { total: { $: 'vars.total' } } },
    ],
  });
  const [echo] = await publish(admin, 'echo', {
    kind: 'workflow',
    steps: [
      { id: 'note', do: 'log', message: { $: 'body.text' }, level: 'warn' },
      { id: 'fail', do: 'throw', message: { $: 'body.text' } },
    ],
  });
  const run = async (id: string, body: unknown): Promise<string> => {
    const request = { query: `q=${encodeURIComponent(HOSTILE)}`, body: JSON.stringify(body) };
    const headers = { 'content-type': 'application/json' };
    const ran = await admin.post<Ran>(`/admin/endpoints/${id}/test`, { request: { ...request, headers } });
    return ran.run.id;
  };
  await run(order, { quantity: 2 });
  return {
    workflowId,
    failedRunId: await run(order, { quantity: 50 }),
    hostileRunId: await run(echo, { text: HOSTILE }),
  };
}

/** Resolves to the ids of the endpoint and of its workflow. */
async function publish(admin: AdminClient, name: string, workflow: object): Promise<[string, string]> {
  const path = `${name}.workflow.json`;
  const handler = await admin.post<{ id: string }>('/admin/handlers', { path, source: JSON.stringify(workflow) });
  const access = { level: 'public' };
  const endpoint = await admin.post<{ id: string }>('/admin/endpoints', { path: name, handler: { path }, access });
  return [endpoint.id, handler.id];
}

interface StoredOperation {
  id: string;
  document: object;
}

/** Makes two approved operations, one that gives and one that takes, and a draft of them. */
async function seedGraphs(admin: AdminClient): Promise<Pick<Seeded, 'graphId' | 'operationId'>> {
  const words = await approve(admin, 'Words', 'echo hello > {{ output.out }}; echo said', []);
  const input = { name: 'in', file_types: ['file'] };
  const upper = await approve(admin, 'Upper case', 'tr a-z A-Z < {{ input.in }} > {{ output.out }}', [input]);
  const nodes = [words, upper].map(({ id, document }, at) => ({
    ...document,
    _id: `5d27b8dd50e56dbbce06344${at}`,
    parent_node: id,
    x: at * 320,
  }));
  const graph = await admin.post<{ id: string }>('/admin/graphs', { title: 'Two words', description: HOSTILE, nodes });
  return { graphId: graph.id, operationId: upper.id };
}

async function approve(admin: AdminClient, title: string, value: string, inputs: object[]): Promise<StoredOperation> {
  const { id } = await admin.post<StoredOperation>('/admin/operations', {
    document: {
      _id: '5d27b8dd50e56dbbce063449',
      title,
      description: HOSTILE,
      base_node_name: 'bash_jinja2',
      inputs,
      outputs: [{ name: 'out', file_type: 'file' }],
      parameters: [
        { name: 'cmd', parameter_type: 'code', value: { value, mode: 'bash' }, removable: false, publicable: false },
      ],
      logs: [{ name: 'stdout', file_type: 'file' }],
    },
  });
  return admin.post<StoredOperation>(`/admin/operations/${id}/approve`, {});
}
