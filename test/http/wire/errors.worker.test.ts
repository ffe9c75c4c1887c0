import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import guide from '../../../docs/errors.md?raw';
import { call, postJson, publish, unique } from '../../support/publish';
import { adminToken } from '../../support/sign-in';
import { callAdmin } from '../../support/admin-api';

const token = await adminToken();

test('the problem that the guide prints is the one that a caller gets', async () => {
  const printed = JSON.parse(/```json\n([\s\S]*?)```/.exec(guide)![1]!) as { requestId: string };
  const parameters = [
    { name: 'email', type: 'email' as const },
    { name: 'amount', required: true },
  ];
  const { endpoint } = await publish('export default (params) => params', { parameters });
  const answer = await (await postJson(`/u/${endpoint.path}`, { email: 'ada' })).json();
  expect(answer).toEqual({ ...printed, requestId: expect.stringMatching(/^req_/) as string });
});

describe('an invalid value is explained for each type', () => {
  const LONG = '9007199254740993';
  test.each<[type: string, rule: object, value: unknown, detail: string]>([
    ['uuid', {}, 'x', 'p must be a UUID'],
    ['date', {}, 'x', 'p must be a date such as 2026-01-31'],
    ['datetime', {}, 'x', 'p must be a date and time such as 2026-01-31T09:30:00Z'],
    ['url', {}, 'x', 'p must be an http or https URL'],
    ['number', {}, ' 5', 'p must be a number'],
    ['integer', { min: 3 }, 2, 'p must be at least 3'],
    ['integer', {}, 1.5, 'p must be a whole number'],
    ['integer', {}, LONG, 'p must be from -9007199254740991 to 9007199254740991; use the type text for longer numbers'],
    ['text', { minLength: 2 }, 'x', 'p must have at least 2 characters'],
    ['text', { pattern: '[a-z]+' }, '1', 'p does not match [a-z]+'],
    ['array', { maxLength: 1 }, [1, 2], 'p must have at most 1 item'],
    ['enum', { values: ['a', 'b'] }, 'c', 'p must be one of "a", "b"'],
    ['boolean', {}, 'maybe', 'p must be true or false'],
    ['object', {}, 'x', 'p must be an object'],
  ])('%s %j: %j', async (type, rule, value, detail) => {
    const parameters = [{ name: 'p', type: type as 'text', ...rule }];
    const { endpoint } = await publish('export default (params) => params', { parameters });
    const native = await postJson(`/u/${endpoint.path}`, { p: value });
    expect([native.status, await native.json()]).toMatchObject([422, { detail }]);
    const instabase = await postJson(`/api/v1/http-endpoint/u/${endpoint.path}`, { p: value });
    expect([instabase.status, await instabase.json()]).toMatchObject([422, { msg: detail.replace('p ', 'p: ') }]);
  });
});

describe('the admin API', () => {
  const send = (body: Uint8Array<ArrayBuffer>, coding: string) =>
    call('/admin/handlers', {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'content-encoding': coding },
      body,
    });
  test('reads packed bodies, within its limit', async () => {
    const source = JSON.stringify({ path: `${unique('gz')}.js`, source: 'export default () => 1' });
    expect((await send(new Uint8Array(gzipSync(source)), 'gzip')).status).toBe(201);
    expect((await send(new Uint8Array(gzipSync(new Uint8Array(20_000_000))), 'gzip')).status).toBe(413);
    expect((await send(new Uint8Array(gzipSync(source)), 'zstd')).status).toBe(415);
  });
  test('refuses a query that is not UTF-8', async () => {
    const { status, body } = await callAdmin('GET', '/handlers?path=caf%E9', { token });
    expect([status, body]).toMatchObject([400, { detail: 'The query parameter path is not UTF-8.' }]);
  });
  test('names the place where JSON ends', async () => {
    const response = await call('/admin/handlers', {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: '{\n  "path": undefined\n}',
    });
    expect(await response.json()).toMatchObject({
      code: 'invalid_json',
      detail: expect.stringContaining('line 2, column 11') as string,
    });
  });
});
