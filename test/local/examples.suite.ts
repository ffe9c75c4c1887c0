import { execFile } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { table, type Visit } from './support/visit.ts';

/** Every folder of examples/, called over HTTP as in its README. */
export function examplesAnswer(visit: Visit): void {
  const post = (path: string, body: BodyInit | null, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${visit.origin}/u/${path}`, { method: 'POST', body, headers });
  const withKey = (): Record<string, string> => ({ 'x-api-key': visit.exampleKey() });
  const form = (fields: Record<string, string>): FormData => {
    const data = new FormData();
    for (const [name, value] of Object.entries(fields)) data.set(name, value);
    return data;
  };

  test('names-table answers JSON and both kinds of form with the table, oriented by index', async () => {
    const names = { name1: 'Zoë', name2: 'a/b' };
    const json = new Blob([JSON.stringify(names)], { type: 'application/json' });
    const bodies: BodyInit[] = [json, new URLSearchParams(names), form(names)];
    for (const body of bodies) {
      const response = await post('names-table', body, withKey());
      expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/json']);
      expect(await response.text()).toBe(table('Zo\\u00eb', 'a\\/b'));
    }
  });

  test('names-table takes a form that claims to be JSON', async () => {
    const response = await post('names-table', 'name1=Ada&name2=Grace', {
      ...withKey(),
      'content-type': 'application/json',
    });
    expect(await response.text()).toBe(table('Ada', 'Grace'));
  });

  test('names-table answers curl with a form under the type of JSON, as Pyplan has it', async () => {
    const names = ['-F', 'name1=Ada', '-F', 'name2=Grace'];
    const headers = ['-H', `x-api-key: ${visit.exampleKey()}`, '-H', 'content-type: application/json'];
    const { stdout } = await promisify(execFile)('curl', ['-s', `${visit.origin}/u/names-table`, ...headers, ...names]);
    expect(stdout).toBe(table('Ada', 'Grace'));
  });

  test('names-table refuses a caller without a key, with a wrong one, and without a name', async () => {
    const names = new URLSearchParams({ name1: 'Ada', name2: 'Grace' });
    const without = await post('names-table', names);
    const wrong = await post('names-table', names, { 'x-api-key': `${visit.exampleKey().slice(0, -1)}!` });
    const nameless = await post('names-table', new URLSearchParams({ name1: 'Ada' }), withKey());
    expect([without.status, wrong.status, nameless.status]).toEqual([401, 401, 422]);
    expect(await nameless.json()).toMatchObject({ errors: [{ pointer: expect.stringContaining('name2') as unknown }] });
  });

  test('webhook-receiver accepts what is signed, and works on it after the answer', async () => {
    const body = '{"type":"order.paid"}';
    const signature = createHmac('sha256', 'try-out-signing-secret').update(body).digest('hex');
    const accepted = await post('webhook-receiver', body, { 'x-signature-256': `sha256=${signature}` });
    expect([accepted.status, await accepted.json()]).toEqual([202, { accepted: true }]);
    const forged = await post('webhook-receiver', `${body} `, { 'x-signature-256': `sha256=${signature}` });
    expect([forged.status, (await post('webhook-receiver', body)).status]).toEqual([401, 401]);
    const admin = await visit.signIn();
    const id = accepted.headers.get('x-run-id')!;
    await expect
      .poll(() => admin.get(`/admin/runs/${id}`).catch(() => null))
      .toMatchObject({
        outcome: 'success',
        status: 202,
        logs: [{ message: 'handled order.paid' }],
      });
  });

  test('warm-counter keeps its memory and its storage from call to call', async () => {
    const answers = [];
    for (let i = 0; i < 2; i++) answers.push(await (await post('warm-counter', null, withKey())).json());
    const [first, second] = answers as { sinceStart: number; ever: number }[];
    expect(second).toEqual({ sinceStart: first!.sinceStart + 1, ever: first!.ever + 1 });
    expect((await post('warm-counter', null)).status).toBe(401);
  });

  test('hono-app answers its own routes below one endpoint', async () => {
    const root = await fetch(`${visit.origin}/u/hono-app`);
    const greeting = await fetch(`${visit.origin}/u/hono-app/greet/Ada?greeting=Welcome`);
    const sum = await post('hono-app/sum', '{"numbers":[1,2,3.5]}');
    const refused = await post('hono-app/sum', '{"numbers":["1"]}');
    expect([root.status, await root.text()]).toEqual([200, expect.stringContaining('Try /greet')]);
    expect([await greeting.json(), await sum.json()]).toEqual([{ message: 'Welcome, Ada!' }, { sum: 6.5 }]);
    expect([refused.status, (await fetch(`${visit.origin}/u/hono-app/elsewhere`)).status]).toEqual([422, 404]);
  });

  test('number-summary answers in Python, and an exception stays in the run', async () => {
    const ask = (body: object): Promise<Response> =>
      post('number-summary', JSON.stringify(body), { ...withKey(), 'content-type': 'application/json' });
    const answer = await ask({ numbers: [1, 2, 3, 4, 10] });
    expect(await answer.json()).toEqual({ count: 5, mean: 4, median: 3, middle_half: [2, 4] });
    expect((await ask({ numbers: [1] })).status).toBe(422);
    const failed = await ask({ numbers: ['one', 'two'] });
    expect([failed.status, await failed.text()]).toEqual([500, expect.not.stringContaining('TypeError')]);
    const admin = await visit.signIn();
    const run = `/admin/runs/${failed.headers.get('x-run-id')}`;
    await expect
      .poll(() => admin.get(run).catch(() => null))
      .toMatchObject({
        error: { name: 'TypeError', stack: expect.stringContaining('handler.py') as unknown },
        logs: [{ message: '2 numbers' }],
      });
  });

  test('order-total adds up in steps, refuses with one, and goes on after its answer', async () => {
    const ask = (items: object[]): Promise<Response> =>
      post('order-total', JSON.stringify({ items }), { ...withKey(), 'content-type': 'application/json' });
    const answer = await ask([{ quantity: 2, price: 30 }]);
    expect([answer.status, await answer.json()]).toEqual([200, { total: 60, shipping: 0 }]);
    const refused = await ask([{ quantity: 2 }]);
    expect([refused.status, await refused.json()]).toMatchObject([
      422,
      { detail: 'Item 1 needs a quantity and a price.' },
    ]);
    const admin = await visit.signIn();
    await expect
      .poll(() => admin.get(`/admin/runs/${answer.headers.get('x-run-id')}`).catch(() => null))
      .toMatchObject({ outcome: 'success', logs: [{ message: '1 items for 60' }] });
  });
}
