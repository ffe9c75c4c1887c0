import { beforeAll, describe, expect, test } from 'vitest';
import { TEMPLATES } from '../../../src/core/publishing/templates/template-list';
import { callAdmin } from '../../support/admin-api';
import { unique } from '../../support/publish';
import { adminToken } from '../../support/sign-in';

let token = '';
beforeAll(async () => void (token = await adminToken()));
const api = (method: string, path: string, body?: unknown) => callAdmin(method, path, { token, body });

interface Tested {
  run: { outcome: string; outbound: { host: string }[] };
  response: { status: number; body: string };
}
const use = async (id: string) => {
  const made = await api('POST', `/templates/${id}/endpoints`, { path: unique(id).slice(0, 64) });
  expect(made.status, made.text).toBe(201);
  return made.body as unknown as { endpoint: { id: string; warnings?: { code: string }[] }; review: string[] };
};
const tested = async (id: string, input: object = {}) => {
  const answer = await api('POST', `/endpoints/${id}/test`, input);
  return { ...answer, body: answer.body as unknown as Tested & { code?: string; detail?: string } };
};

const SECRET = 'a value of a secret';
const rowOf = async (table: string, row: object): Promise<string> => {
  const { items } = (await api('GET', `/tables?name=${table}`)).body as { items: { id: string }[] };
  return String(
    ((await api('POST', `/tables/${items[0]!.id}/rows`, { rows: [row] })).body.items as { id: string }[])[0]!.id,
  );
};
const signed = async (body: string): Promise<object> => {
  const key = await crypto.subtle.importKey(
    'raw',
    new TextEncoder().encode(SECRET),
    { name: 'HMAC', hash: 'SHA-256' },
    false,
    ['sign'],
  );
  const mac = new Uint8Array(await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(body)));
  const hex = [...mac].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return { request: { body, headers: { 'content-type': 'application/json', 'x-signature': `sha256=${hex}` } } };
};

/** Answer of the first test run when it is no success, and, for our own faults, a test run that succeeds. */
const NOT_YET: Record<string, { status: number; then?: () => Promise<object> }> = {
  'get-row': { status: 404, then: async () => ({ parameters: { id: await rowOf('items', { name: 'a' }) } }) },
  'update-own-row': {
    status: 403,
    then: async () => {
      const owner = ((await api('GET', '/session')).body.user as { id: string }).id;
      return { parameters: { id: await rowOf('notes', { text: 'a', owner }) } };
    },
  },
  'webhook-receiver': { status: 401, then: () => signed('{"type":"paid"}') },
  // Their hosts are examples, which no test reaches.
  'proxy-with-secret': { status: 502 },
  'merge-pages': { status: 500 },
  'validate-and-map-errors': { status: 502 },
};

test.each(TEMPLATES.map((template) => [template.id, template] as const))(
  '%s is made, and can be tested as it is',
  async (id, { endpoint: { secrets = [], egress = [] } }) => {
    const { endpoint, review } = await use(id);
    // Nothing that its code names is missing.
    const warnings = (endpoint.warnings ?? []).map(({ code }) => code).filter((code) => !code.startsWith('public'));
    expect(warnings).toEqual([]);
    for (const name of secrets) {
      const refused = await tested(endpoint.id);
      expect(refused).toMatchObject({ status: 503, body: { code: 'not_configured' } });
      expect(refused.body.detail).toContain(name);
      expect(review.join(' ')).toContain(`PUT /admin/secrets/${name}`);
      await api('PUT', `/secrets/${name}`, { value: SECRET });
    }
    const { body } = await tested(endpoint.id);
    const { status, then } = NOT_YET[id] ?? { status: null, then: async () => ({}) };
    if (status !== null) expect([body.response.status, body.response.body]).toEqual([status, expect.anything()]);
    if (then === undefined) {
      expect(body.run.outbound.map(({ host }) => host)).toContain(egress[0]);
      expect(review.join(' ')).toContain('real host');
      return;
    }
    const done = await tested(endpoint.id, await then());
    expect([done.body.response.status < 400, done.body.run.outcome], done.text).toEqual([true, 'success']);
  },
);

describe('the list', () => {
  test('has pages like any other', async () => {
    const ids: string[] = [];
    let cursor = '';
    do {
      const { body } = await api('GET', `/templates?limit=4${cursor === '' ? '' : `&cursor=${cursor}`}`);
      ids.push(...(body.items as { id: string }[]).map(({ id }) => id));
      cursor = (body.nextCursor as string | null) ?? '';
    } while (cursor !== '');
    expect(ids).toEqual(TEMPLATES.map(({ id }) => id));
    expect((await api('GET', '/templates?limit=0')).status).toBe(400);
    expect((await api('GET', '/templates')).body.items).toHaveLength(TEMPLATES.length);
  });
});
