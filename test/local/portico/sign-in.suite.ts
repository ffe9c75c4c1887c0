import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { portico, startPortico } from '../support/portico.ts';
import type { Shop } from '../support/shop.ts';

/** The token that a command uses. */
export function signInIsHeld({ home, shop, env, admin, run }: Shop): void {
  test('PORTICO_TOKEN is used before the stored token', async () => {
    const ran = await portico(shop, ['status'], { ...env, PORTICO_TOKEN: 'ptc_unknown' });
    expect(ran).toMatchObject({ code: 5, out: '' });
  });

  test('login shows a code, and gets the token that a user approves', async () => {
    const login = startPortico(shop, ['login', '--device'], env);
    await login.shows('and approve the code ');
    const code = await login.shown(/[A-Z]{4}-[A-Z]{4}/);
    await admin.put(`/admin/device-logins/${code}`, { approve: true });
    await login.shows('Signed in to');
    expect(await login.ended).toBe(0);
    expect(await run('status')).toMatchObject({ code: 0 });
  });

  test('logout removes the stored token', async () => {
    expect(await run('logout')).toMatchObject({ code: 0, out: expect.stringContaining('It stays valid until') });
    expect(await run('status')).toMatchObject({ code: 5 });
  });

  test('a service that is away is exit code 6', async () => {
    const away = join(home, 'away');
    mkdirSync(away);
    writeFileSync(join(away, 'portico.jsonc'), '{"project":"a","targets":{"local":{"url":"http://127.0.0.1:9"}}}');
    const ran = await portico(away, ['push'], { ...env, PORTICO_TOKEN: 'ptc_any' });
    expect(ran).toMatchObject({ code: 6, err: expect.stringContaining('http://127.0.0.1:9 does not answer') });
  });
}
