import { createHmac } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { putSecret } from '../../../src/core/publishing/secrets/put-secret';
import { testContext } from '../../support/context';
import { call, ensureAdmin, publish, runOf, type EndpointOptions } from '../../support/publish';

const VALUE = 'whsec_of_the_sender';
const putValue = (name: string, value: string) => putSecret(testContext(), name, { value, description: '', roles: [] });
beforeAll(async () => {
  await ensureAdmin();
  await putValue('SIGNING', VALUE);
  await putValue('NOT_BASE64', 'whsec_$');
});

const webhook = async (source: string, kind: string, options: EndpointOptions = {}, secret = 'SIGNING') => {
  const signature = { kind, secret } as NonNullable<EndpointOptions['access']>['signature'];
  const { endpoint } = await publish(source, {
    instance: 'shared',
    secrets: [secret],
    access: { level: 'public', signature },
    ...options,
  });
  return (body: string, headers: Record<string, string> = {}) =>
    call(`/u/${endpoint.path}`, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });
};
const stripe = (body: string, seconds = Math.floor(Date.now() / 1000)) => ({
  'stripe-signature': `t=${seconds},v1=${createHmac('sha256', VALUE).update(`${seconds}.${body}`).digest('hex')}`,
});
const COUNTER = 'let n = 0; export default ({ fail }) => { n += 1; if (fail) throw new Error("no"); return n; };';

describe('a signed endpoint', () => {
  test('refuses what its sender did not sign before the body is parsed, and the run has the reason', async () => {
    const post = await webhook(COUNTER, 'stripe');
    for (const [headers, reason] of [
      [{}, 'the header stripe-signature is missing'],
      [stripe('{}'), 'the signature in stripe-signature does not match'],
      [stripe('not JSON', 1_000_000), /^the time in stripe-signature is \d+ s ago, of 300 s allowed$/],
    ] as const) {
      const response = await post('not JSON', headers);
      expect([response.status, ((await response.clone().json()) as { code: string }).code]).toEqual([
        401,
        'invalid_signature',
      ]);
      expect((await runOf(response)).error?.message).toEqual(
        typeof reason === 'string' ? reason : expect.stringMatching(reason),
      );
    }
    const good = '{ "id": "evt_0" }';
    expect(await (await post(good, stripe(good))).text()).toBe('1');
    expect((await post('not JSON', stripe('not JSON'))).status).toBe(400);
  });

  test('runs an event once, however often it is delivered, and again after a failure', async () => {
    const post = await webhook(COUNTER, 'stripe');
    const now = Math.floor(Date.now() / 1000);
    const deliver = async (event: object, seconds: number) => {
      const body = JSON.stringify(event);
      return post(body, stripe(body, seconds));
    };
    const first = await deliver({ id: 'evt_1', pending: 2 }, now);
    const again = await deliver({ id: 'evt_1', pending: 1 }, now - 1);
    expect([await first.text(), await again.text(), again.headers.get('idempotent-replayed')]).toEqual([
      '1',
      '1',
      'true',
    ]);
    expect((await deliver({ id: 'evt_2', fail: true }, now)).status).toBe(500);
    expect(await (await deliver({ id: 'evt_2' }, now)).text()).toBe('3');
    expect(await (await deliver({ other: 1 }, now)).text()).toBe('4');
  });

  test('is 503 while its secret is no key of the sender', async () => {
    const post = await webhook(COUNTER, 'standard', {}, 'NOT_BASE64');
    const response = await post('{}');
    expect(response.status).toBe(503);
    expect((await runOf(response)).error?.message).toBe(
      'the secret NOT_BASE64 is not whsec_ and base64, as Standard Webhooks have it',
    );
  });

  test('is refused at save where it could not hold', async () => {
    const signature = {
      kind: 'hmac' as const,
      secret: 'SIGNING',
      header: 'x-sig',
      timestampHeader: 'x-time',
      payload: '{id}',
    };
    const options = {
      access: { level: 'public' as const, signature },
      tool: true,
      limits: { responseBytes: 2_000_000 },
    };
    await expect(publish(COUNTER, options)).rejects.toMatchObject({
      extra: {
        issues: [
          { pointer: '#/limits/responseBytes' },
          { pointer: '#/access/signature/secret', code: 'not_listed' },
          { pointer: '#/access/signature', code: 'tool_with_signature' },
          { pointer: '#/access/signature/idHeader', code: 'required' },
          { pointer: '#/access/signature/payload', code: 'unsigned_timestamp' },
          { pointer: '#/access/signature/payload', code: 'unsigned_body' },
        ],
      },
    });
  });
});
