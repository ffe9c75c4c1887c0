import { rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { AdminClient } from '../../scripts/admin-client.ts';
import { inflateRuns } from './support/database.ts';
import { filesBelow, filesWrittenSince, findBytes } from './support/find-bytes.ts';
import type { Visit } from './support/visit.ts';

/** Lets everything out that it is given: into its log, an error and its answer. */
const LEAKY = `
  export default function ({ note, fails }, { env }) {
    console.log('note', note, { note });
    console.log('secret', env.LEAKY_SECRET);
    const error = new Error('failed with ' + note);
    error.name = note;
    console.error(error);
    if (fails) throw error;
    const answer = { note, text: 'the note was ' + note, secret: 'it is ' + env.LEAKY_SECRET };
    return new Response(JSON.stringify(answer), { headers: { 'content-type': 'application/json', 'x-note': note } });
  }`;

/** Is in every run in the clear: where the search finds it, it would have found the others. */
const MARKER = `marker-${crypto.randomUUID()}`;
const CUSTOM_KEY = `custom_${crypto.randomUUID()}_${crypto.randomUUID()}`;
const PASSWORD = `right-${crypto.randomUUID()}`;
const SECRET = `secret-${crypto.randomUUID()}`;
const WRONG_PASSWORD = `wrong-${crypto.randomUUID()}`;

interface SignedIn {
  accessToken: string;
  refreshToken: string;
  endpointToken: string;
}

/** Values that are shown once are in no file that the service leaves behind. Stops the service. */
export function shownOnceIsFoundNowhere(visit: Visit): void {
  const began = Date.now();
  let admin: AdminClient;
  const values: Record<string, string> = { CUSTOM_KEY, PASSWORD, WRONG_PASSWORD, SECRET };
  const runs: string[] = [];

  test('keys, a token, a password and a secret are created, and only the first answer has a value', async () => {
    admin = await visit.signIn();
    const key = await admin.post<{ id: string; key: string }>('/admin/keys', { alias: 'leaky' }, 'leaky-key');
    expect(await admin.post('/admin/keys', { alias: 'leaky' }, 'leaky-key')).toMatchObject({ id: key.id, key: null });
    const custom = await admin.post<{ id: string }>('/admin/keys', { alias: 'custom', key: CUSTOM_KEY }, 'custom-key');
    for (const { id } of [key, custom]) expect(await admin.get(`/admin/keys/${id}`)).not.toHaveProperty('key');
    const token = await admin.post<{ token: string }>('/admin/tokens', { name: 'leaky' }, 'leaky-token');
    await admin.post('/admin/users', { name: 'leaky', password: PASSWORD, roles: ['viewer'] }, 'leaky-user');
    Object.assign(values, { key: key.key, token: token.token });
    const access = { level: 'key-or-authenticated', keys: [key.id, custom.id] };
    const parameters = [{ name: 'note' }, { name: 'fails', type: 'boolean' }];
    await admin.put('/admin/secrets/LEAKY_SECRET', { value: SECRET });
    await admin.post('/admin/handlers', { path: 'leaky.js', source: LEAKY });
    const handler = { path: 'leaky.js' };
    const settings = { access, parameters, secrets: ['LEAKY_SECRET'], subpaths: true };
    await admin.post('/admin/endpoints', { path: 'leaky', handler, ...settings });
  });

  test('a session is opened and refreshed', async () => {
    const session = async (path: string, body: object): Promise<SignedIn> => {
      const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
      const response = await fetch(`${visit.origin}/admin/session${path}`, init);
      expect(response.status).toBe(200);
      return (await response.json()) as SignedIn;
    };
    const first = await session('', { name: 'leaky', password: PASSWORD });
    const next = await session('/refresh', { refreshToken: first.refreshToken });
    for (const [when, { accessToken, refreshToken, endpointToken }] of Object.entries({ first, next })) {
      Object.assign(values, {
        [`${when} accessToken`]: accessToken,
        [`${when} refreshToken`]: refreshToken,
        [`${when} endpointToken`]: endpointToken,
      });
    }
    await expect(session('', { name: 'leaky', password: WRONG_PASSWORD })).rejects.toThrow('401');
  });

  test('reach a handler in every way, which logs, throws and answers them', async () => {
    const {
      key,
      token,
      'next endpointToken': bearer,
    } = values as { [name: string]: string } & { key: string; token: string };
    const call = async (
      status: number,
      body: BodyInit,
      headers: Record<string, string>,
      query = '',
      path = 'leaky',
    ): Promise<void> => {
      const response = await fetch(`${visit.origin}/u/${path}${query}`, { method: 'POST', body, headers });
      expect([response.status, await response.text()]).toEqual([status, expect.anything()]);
      const id = response.headers.get('x-run-id');
      if (id !== null) runs.push(id);
    };
    const json = (fields: object): Blob =>
      new Blob([JSON.stringify({ marker: MARKER, ...fields })], { type: 'application/json' });
    const form = new FormData();
    form.set('note', key!);
    const known = { 'x-api-key': key! };
    await call(200, json({ note: key, apiKey: key, nested: [{ deep: key }] }), known);
    await call(200, new URLSearchParams({ note: key!, api_key: key!, other: token! }), known);
    await call(200, form, known);
    await call(500, json({ note: key, fails: true }), known);
    await call(200, json({ note: MARKER }), known, `?api_key=${key}&note=${key}&api_key=${CUSTOM_KEY}`);
    await call(200, json({ note: MARKER }), {
      'x-api-key': CUSTOM_KEY,
      referer: `https://example.com/?k=${key}`,
      cookie: `k=${key}`,
    });
    await call(200, json({ note: MARKER }), known, '', `leaky/${key}/${token}`);
    await call(200, json({ note: token }), { authorization: `Bearer ${token}` });
    await call(200, json({ note: bearer }), { authorization: `Bearer ${bearer}` });
    await call(401, json({ note: key }), {}, `?api_key=${key}`);
    await call(403, json({ note: key }), known, '', 'warm-counter');
    await call(404, json({ note: key }), known, '', 'no-such-endpoint');
    await expect(admin.get(`/admin/keys?limit=${key}`)).rejects.toThrow('400');
  });

  test('the runs of all calls are stored', async () => {
    expect(runs).toHaveLength(11);
    for (const id of runs) {
      await expect.poll(() => admin.get(`/admin/runs/${id}`).catch(() => null)).not.toBeNull();
    }
  });

  test('are in no database, log or temporary file', async () => {
    const search = (): string[] => {
      const { folder, vars, notes } = visit.home;
      const files = [...filesBelow(folder), ...filesWrittenSince(began, '.wrangler/tmp', 'dist')];
      return findBytes(
        values,
        files.filter((file) => file !== vars && file !== notes),
      );
    };
    const running = search();
    visit.start.pressCtrlC();
    await visit.start.ended;
    const inflated = `${visit.home.folder}/inflated`;
    expect(inflateRuns(visit.home.state, inflated)).toBeGreaterThan(0);
    expect({ running, stopped: search() }).toEqual({ running: [], stopped: [] });
    expect(findBytes({ MARKER }, filesBelow(inflated)).length).toBeGreaterThan(0);
    rmSync(inflated, { recursive: true });
  });
}
