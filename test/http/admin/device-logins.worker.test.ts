import { beforeAll, beforeEach, expect, test } from 'vitest';
import { answerDeviceLogin, getDeviceLogin } from '../../../src/core/identity/device-logins/answer-device-login';
import { redeemDeviceLogin } from '../../../src/core/identity/device-logins/redeem-device-login';
import { generateValue } from '../../../src/core/identity/keys/key-value.rules';
import { startDeviceLogin } from '../../../src/core/identity/device-logins/start-device-login';
import { callAdmin } from '../../support/admin-api';
import { testContext } from '../../support/context';
import { unique } from '../../support/publish';
import { clearOfWindowEnd } from '../../support/rate-window';
import { adminToken, createUser, signIn } from '../../support/sign-in';

const WANTED = { name: 'portico on laptop', scopes: ['read' as const], days: 7 };
let admin = '';
beforeAll(async () => {
  admin = await adminToken();
});
// Tests fill up windows of 15 minutes.
beforeEach(() => clearOfWindowEnd(900), 30_000);

const ask = (method: string, path: string, body?: unknown, token = '') =>
  callAdmin(method, `/device-logins${path}`, { token, ...(body === undefined ? {} : { body }) });
const start = async () => (await ask('POST', '', WANTED)).body as { deviceCode: string; userCode: string };

test('a program gets the token of the user who approves its code, once, in its scopes', async () => {
  const name = unique('dev');
  await createUser(name, ['developer']);
  const { accessToken } = await signIn(name);
  const { deviceCode, userCode } = await start();
  expect(userCode).toMatch(/^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/);
  expect((await ask('POST', '/token', { deviceCode })).body).toMatchObject({
    status: 400,
    code: 'authorization_pending',
  });
  expect((await ask('POST', '/token', { deviceCode })).body).toMatchObject({ status: 400, code: 'slow_down' });
  expect((await ask('GET', `/${userCode}`)).status).toBe(401);
  const typed = userCode.toLowerCase().replace('-', '');
  expect((await ask('GET', `/${typed}`, undefined, accessToken)).body).toMatchObject({ userCode, ...WANTED });
  expect((await ask('PUT', `/${userCode}`, { approve: true }, accessToken)).status).toBe(204);
  expect((await ask('PUT', `/${userCode}`, { approve: true }, admin)).status).toBe(404);
  const both = await Promise.all([1, 2].map(() => ask('POST', '/token', { deviceCode })));
  expect(both.map(({ status }) => status).toSorted()).toEqual([201, 400]);
  const { token } = both.find(({ status }) => status === 201)!.body as { token: string };
  expect((await callAdmin('GET', '/handlers', { token })).status).toBe(200);
  expect((await callAdmin('GET', '/runs', { token })).status).toBe(403);
  const other = await start();
  expect((await ask('PUT', `/${other.userCode}`, { approve: true }, token)).status).toBe(403);
  expect((await ask('PUT', `/${other.userCode}`, { approve: false }, accessToken)).status).toBe(204);
  expect((await ask('POST', '/token', { deviceCode: other.deviceCode })).body).toMatchObject({ code: 'access_denied' });
  const { items } = (await callAdmin('GET', '/audit?limit=20', { token: admin })).body as {
    items: { action: string; actor: { name?: string } }[];
  };
  const own = items.filter(({ actor }) => actor.name === name).map(({ action }) => action);
  expect(own).toEqual(expect.arrayContaining(['device-login.approve', 'personal-token.create', 'device-login.deny']));
});

test('a code ends after 10 minutes, a question is not too early after 3 s, and unknown codes tell nothing', async () => {
  const at = Date.now();
  const as = (seconds: number) => testContext(undefined, { now: () => at + seconds * 1000 });
  const { deviceCode, userCode } = await startDeviceLogin(as(0), WANTED);
  const code = userCode.replace('-', '');
  for (const seconds of [1, 4, 8])
    await expect(redeemDeviceLogin(as(seconds), deviceCode)).rejects.toThrow('no answer yet');
  await expect(redeemDeviceLogin(as(9), deviceCode)).rejects.toThrow('Ask again in 3 s');
  await expect(redeemDeviceLogin(as(601), deviceCode)).rejects.toThrow('has expired');
  await expect(getDeviceLogin(as(601), code)).rejects.toThrow('not found');
  await expect(answerDeviceLogin(as(601), code, { approve: true })).rejects.toThrow('not found');
  for (const unknown of ['', 'ptd_x', `${deviceCode.slice(0, -1)}_`])
    await expect(redeemDeviceLogin(as(1), unknown)).rejects.toThrow('unknown, was used or has expired');
});

test('unknown codes of programs are read so often for one network', async () => {
  const ctx = testContext({ kind: 'anonymous', credential: 'none' }, { address: '192.0.2.77' });
  const guess = () =>
    redeemDeviceLogin(ctx, generateValue('ptd_')).then(
      () => '',
      (error: { code: string }) => error.code,
    );
  const codes: string[] = [];
  for (let i = 0; i < 101; i++) codes.push(await guess());
  expect(new Set(codes.slice(0, 100))).toEqual(new Set(['expired_token']));
  expect(codes[100]).toBe('rate_limited');
});

test('a network may start 20 in 15 minutes, and try 60 codes', async () => {
  const from = (address: string) => testContext(undefined, { address });
  for (let i = 0; i < 20; i++) await startDeviceLogin(from('192.0.2.77'), WANTED);
  await expect(startDeviceLogin(from('192.0.2.77'), WANTED)).rejects.toThrow('Too many requests to sign in');
  const tries = Array.from({ length: 60 }, () => getDeviceLogin(from('192.0.2.78'), 'BBBBBBBB').catch(String));
  expect(new Set(await Promise.all(tries)).size).toBe(1);
  await expect(getDeviceLogin(from('192.0.2.78'), 'BBBBBBBB')).rejects.toThrow('Too many codes');
});
