import { exports } from 'cloudflare:workers';
import { expect, test, vi } from 'vitest';
import { IDS, VALUES } from '../../src/http/reference/reference';
import { sha256Hex } from '../../src/kernel/signed';
import { makeWheel } from '../scripts/python/wheels';
import { makeAuthenticator } from '../support/authenticator';
import { readStart } from '../support/read-start';

/*
 * Sends the examples of /openapi.json as they are offered, one operation after the other, and keeps the answers as those of the
 * reference: src/http/reference/answers.json. After a change that is meant: `npx vitest run test/http/reference.worker.test.ts --update`.
 */

const ORIGIN = 'https://portico.test';
const SHOWN_ORIGIN = 'https://portico.example';
const BOOTSTRAP_TOKEN = 'test-bootstrap-token-of-32-characters';

interface Operation {
  operationId: string;
  parameters?: { name: string; in: string; example?: string | number }[];
  requestBody?: { content: Record<string, { example?: unknown }> };
}
interface Offered extends Operation {
  method: string;
  path: string;
}
interface Answer {
  headers: Headers;
  body: Record<string, unknown>;
}

const document = await (
  await exports.default.fetch(`${ORIGIN}/openapi.json`)
).json<{ paths: Record<string, Record<string, Operation>> }>();
const operations = new Map<string, Offered>(
  Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, one]) => [one.operationId, { ...one, method, path }] as const),
  ),
);

/** Names in the examples, and the values of this service for them. */
const actual = new Map<string, string>();
const WHEEL = Uint8Array.from(
  makeWheel({ name: 'greeting', version: '1.0', files: { 'greeting.py': 'TEXT = "Hello"\n' } }),
);
actual.set('https://login.example.com', 'https://login.portico-upstream.dev');
actual.set(VALUES.wheelHash, sha256Hex(WHEEL));
let accessToken = '';
const answers: Record<string, unknown> = {};

const toActual = (text: string): string =>
  [...actual].reduce((now, [sample, real]) => now.replaceAll(sample, real), text);

function credentialFor({ path, operationId }: Offered): Record<string, string> {
  if (operationId === 'bootstrap') return { authorization: `Bearer ${BOOTSTRAP_TOKEN}` };
  if (path.startsWith('/u/')) return { 'x-api-key': actual.get(VALUES.key)! };
  return accessToken === '' ? {} : { authorization: `Bearer ${accessToken}` };
}

/** Sends the example of an operation, with this service's ids in the places of the samples. */
async function send(operationId: string): Promise<Answer> {
  const operation = operations.get(operationId)!;
  const query = new URLSearchParams();
  let path = operation.path;
  for (const { name, in: place, example } of operation.parameters ?? []) {
    if (place === 'path') path = path.replace(`{${name}}`, encodeURIComponent(toActual(String(example))));
    else if (place === 'query' && example !== undefined) query.set(name, toActual(String(example)));
  }
  const [type, content] = Object.entries(operation.requestBody?.content ?? {})[0] ?? [];
  const example = content?.example;
  const text = typeof example === 'string' ? example : JSON.stringify(example);
  const body = example === undefined ? null : example === VALUES.wheel ? WHEEL : toActual(text);
  const response = await exports.default.fetch(`${ORIGIN}${path}${query.size > 0 ? `?${query.toString()}` : ''}`, {
    method: operation.method.toUpperCase(),
    headers: { ...credentialFor(operation), ...(body === null ? {} : { 'content-type': type! }) },
    body,
  });
  const answered = new TextDecoder().decode(await readStart(response));
  expect(response.status, `${operationId}: ${answered}`).toBeLessThan(300);
  const isJson = response.headers.get('content-type')?.startsWith('application/json') ?? false;
  if (answered !== '') answers[operationId] = isJson ? JSON.parse(answered) : answered;
  return { headers: response.headers, body: isJson ? (JSON.parse(answered) as Record<string, unknown>) : {} };
}

const ID = /\b(ep|hdl|key|usr|ses|tok|pat|pky|run|aud|req|tbl)_[0-9A-Za-z]{20}\b/g;
const UUID = /\b[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}\b/g;
const others = new Map<string, string>();
/** A sample of its own for an id that no example names. */
function otherSample(id: string): string {
  const [prefix] = id.split('_') as [string];
  const number = String(others.size + 1).padStart(4, '0');
  if (!others.has(id))
    others.set(
      id,
      id.includes('_') ? `${prefix}_0Vc0Example00000${number}` : `019c0de0-0000-7000-8000-00000000${number}`,
    );
  return others.get(id)!;
}

const OBJECT_ID = /^[0-9a-f]{24}$/;
const MEASURED = ['durationMs', 'authMs', 'runMs', 'afterMs', 'startedMs', 'p50Ms', 'p95Ms', 'p99Ms'];

const NOT_STARTED = { status: 'READY', nodes: [] };

/** An answer with samples in the places of what differs from run to run. */
function toSample(value: unknown, name = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => toSample(item));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [
        key,
        key === 'state' && name === 'runGraph' ? NOT_STARTED : toSample(item, key),
      ]),
    );
  if (typeof value === 'number') return MEASURED.includes(name) ? 2 : value;
  if (typeof value !== 'string') return value;
  if (name === 'refreshToken') return VALUES.refreshToken;
  if (name === 'flow') return VALUES.flow;
  // A run begins at any moment after it was started.
  if (name === 'status' && value === 'RUNNING') return 'READY';
  if (name === 'author' && OBJECT_ID.test(value)) return '5d0686aa52691468eaef391c';
  if (OBJECT_ID.test(value) && !value.startsWith('5d2')) return IDS.graph;
  const known = [...actual].reduce((now, [sample, real]) => now.replaceAll(real, sample), value);
  const samples: string[] = Object.values(IDS);
  return known
    .replace(/\beyJ[\w-]+\.[\w-]+\.[\w-]+/g, VALUES.jwt)
    .replace(/\bptk_[0-9A-Za-z]{8}_[0-9A-Za-z]{30,}/g, VALUES.key)
    .replace(/\bptk_[0-9A-Za-z]{8}(?!\w)/g, 'ptk_Example1')
    .replace(/\bptc_[0-9A-Za-z]{8}_[0-9A-Za-z]{30,}/g, VALUES.personalToken)
    .replace(/\bptc_[0-9A-Za-z]{8}(?!\w)/g, 'ptc_Example1')
    .replace(/\b20[2-8]\d-\d\d-\d\dT[\d:.]+Z/g, '2026-11-25T12:00:00.000Z')
    .replace(/^\d{13}\./, '1795608000000.')
    .replace(/(";r=\d+;t=)\d+$/, (_, before: string) => `${before}43`)
    .replace(/(state|nonce|code_challenge)=[\w-]{43,}/g, '$1=example')
    .replaceAll(ORIGIN, SHOWN_ORIGIN)
    .replace(/\/tmp\/[0-9a-f-]{36}/g, `/tmp/${IDS.file}`)
    .replace(ID, (id) => (samples.includes(id) ? id : otherSample(id)))
    .replace(UUID, (id) => (samples.includes(id) ? id : otherSample(id)));
}

const binds =
  (sample: string, pick: (answer: Answer) => unknown = ({ body }) => body.id) =>
  (answer: Answer): void =>
    void actual.set(sample, String(pick(answer)));
const bindsKey = (answer: Answer): void => {
  binds(IDS.key)(answer);
  binds(VALUES.key, ({ body }) => body.key)(answer);
};
const bindsDevice = (answer: Answer): void => {
  binds(VALUES.deviceCode, ({ body }) => body.deviceCode)(answer);
  binds(VALUES.userCode, ({ body }) => body.userCode)(answer);
};
const bindsFile = (answer: Answer): void => {
  binds(IDS.fileNode)(answer);
  binds(
    IDS.file,
    ({ body }) => (body.document as { outputs: { resource_id: string }[] }).outputs[0]!.resource_id,
  )(answer);
};
const signsIn = ({ body }: Answer): void => {
  accessToken = String(body.accessToken);
  actual.set(VALUES.refreshToken, String(body.refreshToken));
};

/** A request that is no example: it makes what an example needs. */
async function make(path: string, body: unknown, method = 'POST'): Promise<Answer> {
  const headers = { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' };
  const response = await exports.default.fetch(`${ORIGIN}${path}`, { method, headers, body: JSON.stringify(body) });
  expect(response.ok).toBe(true);
  return { headers: response.headers, body: await response.json() };
}
const spare = (sample: string, path: string, body: unknown) => async (): Promise<void> =>
  binds(sample)(await make(path, body));
const giveAlert = async (): Promise<void> => {
  await make('/admin/secrets/OPS_WEBHOOK', { value: `whsec_${btoa('a secret of 24 bytes and more')}` }, 'PUT');
  const alert = { url: 'https://hooks.portico-upstream.dev/portico', secret: 'OPS_WEBHOOK' };
  await make(`/admin/endpoints/${actual.get(IDS.endpoint)}`, { secrets: ['OPS_WEBHOOK'], alert }, 'PATCH');
};
const SCRIPT = '/jaydoe/my_repo/fs/Instabase Drive/handlers/hello.py';

const authenticator = await makeAuthenticator();
async function createsPasskey({ body }: Answer): Promise<void> {
  const made = await authenticator.create({ challenge: String(body.challenge), origin: ORIGIN });
  actual
    .set(VALUES.addChallenge, String(body.challenge))
    .set(VALUES.credential, made.credential)
    .set(VALUES.publicKey, made.publicKey)
    .set(VALUES.addClientData, made.clientData)
    .set(VALUES.addAuthenticatorData, made.authenticatorData);
}
async function usesPasskey({ body }: Answer): Promise<void> {
  const signed = await authenticator.get({ challenge: String(body.challenge), origin: ORIGIN });
  actual
    .set(VALUES.signInChallenge, String(body.challenge))
    .set(VALUES.signInClientData, signed.clientData)
    .set(VALUES.signInAuthenticatorData, signed.authenticatorData)
    .set(VALUES.signature, signed.signature);
}

/** `putPackageSet` starts two CPythons, one of them without a snapshot: 6 s of processor time, of which a busy machine gives little. */
const LONGEST_MS = 240_000;

interface Step {
  operation: string;
  before?: () => Promise<unknown>;
  then?: (answer: Answer) => void | Promise<void>;
}
const step = (operation: string, more: Omit<Step, 'operation'> = {}): Step => ({ operation, ...more });

/** Every operation, in an order in which each finds what it needs. */
const STORY: Step[] = [
  step('bootstrap'),
  step('signIn', { then: signsIn }),
  step('refreshSession', { then: signsIn }),
  step('signInWithCookie'),
  step('preparePasskey', { then: createsPasskey }),
  step('addPasskey', { then: binds(IDS.passkey) }),
  step('challengePasskey', { then: usesPasskey }),
  ...['signInWithPasskey', 'listPasskeys', 'removePasskey'].map((id) => step(id)),
  step('listSessions', { then: binds(IDS.session, ({ body }) => (body.items as { id: string }[])[0]!.id) }),
  ...['endSession', 'endOtherSessions'].map((id) => step(id)),
  step('getSession'),
  step('checkHandlerSource'),
  step('createHandler', { then: binds(IDS.handler) }),
  ...['listHandlers', 'listHandlerTree', 'createHandlerVersion', 'listHandlerVersions', 'getHandlerVersion'].map((id) =>
    step(id),
  ),
  ...['deployHandlerVersion', 'getHandler', 'deleteHandlerVersion'].map((id) => step(id)),
  ...['putDraft', 'listDrafts', 'getDraft', 'deleteDraft', 'putRunViews', 'getRunViews'].map((id) => step(id)),
  step('createKey', { then: bindsKey }),
  step('createEndpoint', { then: binds(IDS.endpoint) }),
  step('testAlert', { before: giveAlert }),
  ...['getAlert', 'listAlerts', 'listIssuers'].map((id) => step(id)),
  ...[
    'updateEndpoint',
    'getHandlerTypes',
    'getEndpoint',
    'listEndpoints',
    'explainAccess',
    'search',
    'readBatch',
    'changeEndpoints',
  ].map((id) => step(id)),
  step('callEndpointWithPost', { then: binds(IDS.run, ({ headers }) => headers.get('x-run-id')) }),
  step('getRun', { before: () => vi.waitUntil(runIsThere, { timeout: LONGEST_MS }) }),
  ...['exportRuns', 'changeRuns'].map((id) => step(id)),
  ...[
    'listRuns',
    'getRunStats',
    'tailRuns',
    'testEndpoint',
    'streamTest',
    'listSchedules',
    'listAllSchedules',
    'runSchedule',
    'listHandlerUses',
    'listKeys',
    'getKey',
    'listKeyUses',
    'updateKey',
    'changeKeys',
  ].map((id) => step(id)),
  step('deleteKey', { before: spare(IDS.spareKey, '/admin/keys', { alias: 'spare' }) }),
  step('createTable', { then: binds(IDS.table) }),
  ...['getTable', 'listTables', 'updateTable'].map((id) => step(id)),
  step('insertRows', { then: binds(IDS.row, ({ body }) => (body.items as { id: string }[])[0]!.id) }),
  ...['listRows', 'getRow', 'updateRow', 'updateRows', 'importRows', 'exportRows', 'deleteRows', 'deleteRow'].map(
    (id) => step(id),
  ),
  step('listTableUses'),
  step('deleteTable', { before: spare(IDS.spareTable, '/admin/tables', { name: 'spare' }) }),
  step('addFile', { then: bindsFile }),
  ...['downloadFile', 'previewFile', 'previewOperation'].map((id) => step(id)),
  step('createOperation', { then: binds(IDS.operation) }),
  ...['replaceOperation', 'getOperation', 'approveOperation', 'listOperations', 'deprecateOperation'].map((id) =>
    step(id),
  ),
  step('createGraph', { then: binds(IDS.graph) }),
  ...['listGraphs', 'replaceGraph', 'checkGraph', 'arrangeGraph', 'upgradeGraph', 'getGraphCode'].map((id) => step(id)),
  ...['followGraph', 'cloneGraph', 'cancelGraph', 'getGraph', 'runGraph'].map((id) => step(id)),
  ...['putSecret', 'listSecrets', 'getSecret', 'listSecretUses', 'deleteSecret'].map((id) => step(id)),
  ...['putHandlerSource', 'getHandlerSource', 'getHandlerFiles', 'getEndpointByPath', 'putEndpoint'].map((id) =>
    step(id),
  ),
  ...['putTable', 'getTableByName', 'putRole'].map((id) => step(id)),
  step('putBlobs'),
  step('putBlob'),
  step('planPush', { then: binds(VALUES.digest, ({ body }) => body.digest) }),
  ...['applyPlan', 'getProject', 'listProjects', 'exportObjects'].map((id) => step(id)),
  ...['uploadPackage', 'listPackages', 'putPackageSet', 'listPackageSets', 'deletePackageSet', 'deletePackage'].map(
    (id) => step(id),
  ),
  ...['listTemplates', 'createEndpointFromTemplate'].map((id) => step(id)),
  ...['createRole', 'getRole', 'updateRole', 'listRoles'].map((id) => step(id)),
  step('createUser', { then: binds(IDS.user) }),
  ...['getUser', 'listUsers', 'updateUser', 'listUserUses'].map((id) => step(id)),
  ...['putProvider', 'getProvider', 'listProviders', 'offerProviders', 'beginAuthorization'].map((id) => step(id)),
  ...['addIdentity', 'listIdentities', 'removeIdentity', 'deleteProvider'].map((id) => step(id)),
  step('createPersonalToken', { then: binds(IDS.personalToken) }),
  ...['listPersonalTokens', 'revokePersonalToken'].map((id) => step(id)),
  step('startDeviceLogin', { then: bindsDevice }),
  ...['getDeviceLogin', 'answerDeviceLogin', 'redeemDeviceLogin'].map((id) => step(id)),
  step('createToken', { then: binds(IDS.token) }),
  ...['getToken', 'listTokens', 'listRoleUses', 'updateToken', 'revokeToken', 'deleteUser', 'deleteRole'].map((id) =>
    step(id),
  ),
  ...['listAudit', 'exportAudit'].map((id) => step(id)),
  step('createInstabaseEndpoint', {
    before: () => make('/admin/handlers', { path: SCRIPT, source: 'def handler(request):\n    return "Hello World"' }),
  }),
  ...['getInstabaseEndpoint', 'listInstabaseEndpoints', 'updateInstabaseEndpoint', 'deleteInstabaseEndpoint'].map(
    (id) => step(id),
  ),
  step('updateHandler', {
    before: spare(IDS.spareHandler, '/admin/handlers', { path: 'spare.js', source: 'export default () => 1' }),
  }),
  step('deleteHandler'),
  ...['deleteRun', 'deleteEndpoint', 'changePassword', 'signOut'].map((id) => step(id)),
];

async function runIsThere(): Promise<boolean> {
  const headers = { authorization: `Bearer ${accessToken}` };
  return (await exports.default.fetch(`${ORIGIN}/admin/runs/${actual.get(IDS.run)}`, { headers })).ok;
}

test.each(STORY)(
  '$operation takes its example',
  async ({ operation, before, then }) => {
    await before?.();
    const answer = await send(operation);
    await then?.(answer);
  },
  LONGEST_MS,
);

test('every operation has an example that was sent, but for calls by other methods', () => {
  const called = /^call(Instabase)?EndpointWith/;
  const missing = [...operations.keys()].filter(
    (id) => !STORY.some(({ operation }) => operation === id) && !called.test(id),
  );
  expect(missing).toEqual([]);
});

test('the answers of the reference are those that came', async () => {
  await expect(`${JSON.stringify(toSample(answers), null, 2)}\n`).toMatchFileSnapshot(
    '../../src/http/reference/answers.json',
  );
});
