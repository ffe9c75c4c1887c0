import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { generateKey } from '../../../src/core/identity/keys/key-value.rules';
import { call, callCold, ensureAdmin, makeKey, publish, unique } from '../../support/publish';
import { clearOfWindowEnd } from '../../support/rate-window';

beforeAll(ensureAdmin);

const DAY = 86_400;
const from = (address: string, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  headers: { 'cf-connecting-ip': address, ...headers },
});
const statuses = async (path: string, inits: RequestInit[]): Promise<number[]> => {
  const found: number[] = [];
  for (const init of inits) found.push((await call(path, init)).status);
  return found;
};

describe('a rate limit by address', () => {
  beforeEach(() => clearOfWindowEnd(DAY), 30_000);

  test.each([
    ['an IPv6 network', Array.from({ length: 5 }, (_, i) => `2001:db8:1:1::${i + 1}`)],
    ['spellings of an IPv4 address', ['203.0.113.5', '::ffff:203.0.113.5', '::FFFF:CB00:7105', '203.0.113.5', '::ffff:cb00:7105']],
  ])('counts %s as one', async (_name, addresses) => {
    const { endpoint } = await publish('export default () => 1', { rateLimit: { limit: 3, windowSeconds: DAY, by: 'ip' } });
    const found = await statuses(`/u/${endpoint.path}`, addresses.map((address) => from(address)));
    expect(found).toEqual([200, 200, 200, 429, 429]);
    expect(await statuses(`/u/${endpoint.path}`, [from('2001:db8:2:1::1')])).toEqual([200]);
  }); // oxfmt-ignore

  test('is the fallback of a limit by key', async () => {
    const key = await makeKey();
    const { endpoint } = await publish('export default () => 1', {
      access: { level: 'key-or-authenticated', keys: [key.id] },
      rateLimit: { limit: 1, windowSeconds: DAY, by: 'key' },
    });
    const keyed = (address: string) => from(address, { 'x-api-key': key.key! });
    const found = await statuses(`/u/${endpoint.path}`, [keyed('2001:db8:3::1'), keyed('2001:db8:4::1')]);
    expect(found).toEqual([200, 429]);
  });
});

describe('a network that asks in vain', () => {
  test('guesses a hundred keys, and then waits', async () => {
    const key = await makeKey();
    const { endpoint } = await publish('export default () => 1', { access: { level: 'key', keys: [key.id] } });
    const path = `/u/${endpoint.path}`;
    const guess = (i: number) => from(`2001:db8:5:1::${i.toString(16)}`, { 'x-api-key': generateKey() });
    const found = await statuses(
      path,
      Array.from({ length: 101 }, (_, i) => guess(i + 1)),
    );
    expect(found).toEqual([...Array.from({ length: 100 }, () => 401), 429]);
    // A neighbor is not the guesser, and a key that is known needs no read.
    expect((await call(path, from('2001:db8:5:2::1', { 'x-api-key': key.key! }))).status).toBe(200);
    expect((await call(path, from('2001:db8:5:1::1', { 'x-api-key': key.key! }))).status).toBe(200);
  });

  test('asks for a hundred unknown paths, and then waits; what memory has it still gets', async () => {
    const { endpoint } = await publish('export default () => 1');
    const known = `/u/${endpoint.path}`;
    expect((await call(known, from('2001:db8:6:1::1'))).status).toBe(200);
    const stray = (i: number) => callCold(`/u/${unique('stray')}`, from(`2001:db8:6:1::${i.toString(16)}`));
    for (let i = 1; i <= 100; i++) expect((await stray(i)).status).toBe(404);
    const late = await stray(101);
    expect([late.status, Number(late.headers.get('retry-after')) > 0]).toEqual([429, true]);
    expect(await late.json()).toMatchObject({ code: 'rate_limited' });
    expect((await call(known, from('2001:db8:6:1::1'))).status).toBe(200);
    expect((await callCold(`/u/${unique('stray')}`, from('2001:db8:6:2::1'))).status).toBe(404);
    // The other wire of the same endpoints counts along.
    const other = await call(`/api/v1/http-endpoint/u/${unique('stray')}`, from('2001:db8:6:1::1'));
    expect([other.status, await other.json()]).toMatchObject([429, { status: 'ERROR', code: 'rate_limited' }]);
  });
});
