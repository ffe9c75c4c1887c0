import { readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { edit, portico, writeFiles } from '../support/portico.ts';
import type { Shop } from '../support/shop.ts';

/** Push, plan and diff: what is served, refused and kept. */
export function pushesAreServed({ home, shop, env, origin, admin, password, run, hello, entries }: Shop): void {
  test('a new project is served after init, login and push', async () => {
    const made = await portico(home, ['init', 'shop', '--url', origin], env);
    expect([made.code, made.err]).toEqual([0, '']);
    expect(made.out).toContain('npx portico push');
    expect(await run('push')).toMatchObject({ code: 5, err: expect.stringContaining('portico login') });
    expect(await run('login --user admin --password-stdin', shop, 'wrong\n')).toMatchObject({ code: 5 });
    const signedIn = await run('login --user admin --password-stdin', shop, `${password}\n`);
    expect(signedIn).toMatchObject({ code: 0, err: '' });
    const file = join(env.XDG_CONFIG_HOME, 'portico/tokens.json');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const { token } = (JSON.parse(readFileSync(file, 'utf8')) as Record<string, { token: string }>)[origin]!;
    expect(signedIn.out).not.toContain(token);
    expect((await run('whoami')).out).toMatch(/^admin at http:.*, until 20\d\d-/);
    expect(await run('status')).toMatchObject({ code: 2 });
    const pushed = await run('push');
    expect([pushed.code, pushed.err]).toEqual([0, '']);
    expect(pushed.out).toContain('✓ 2 changes, generation 1.');
    expect(await hello()).toEqual({ message: 'Hello, Ada!' });
  });

  test('a second push changes nothing and writes no audit entry', async () => {
    const before = await entries();
    expect(await run('push')).toEqual({ code: 0, out: '✓ Nothing to do.\n', err: '' });
    expect(await run('status')).toMatchObject({ code: 0, out: expect.stringContaining('Nothing to do.') });
    expect(await entries()).toBe(before);
  });

  test('plan --json is one object, and a push of a change is served', async () => {
    edit(shop, 'handlers/hello.ts', 'Hello,', 'Welcome,');
    const plan = await run('plan --json');
    expect(plan.code).toBe(2);
    expect(JSON.parse(plan.out)).toMatchObject({
      steps: [{ kind: 'handler', identity: 'hello.ts', action: 'change' }],
    });
    const differs = await portico(shop, ['diff', 'handler hello.ts'], env);
    expect(differs.code).toBe(2);
    expect(differs.out).toMatch(/^~ handler {2}hello\.ts\n[^]*\n- {3}return .*Hello,.*\n\+ {3}return .*Welcome,/);
    expect(await run('diff hello.js')).toMatchObject({ code: 64, out: '' });
    expect(await hello()).toEqual({ message: 'Hello, Ada!' });
    expect((await run('push')).code).toBe(0);
    expect(await hello()).toEqual({ message: 'Welcome, Ada!' });
  });

  test('a change in the service is kept and shown until the folder is to win', async () => {
    const endpoint = await admin.get<{ id: string }>('/admin/by-path/endpoints/hello');
    await admin.patch(`/admin/endpoints/${endpoint.id}`, { title: 'Theirs' });
    const kept = await run('push');
    expect(kept.code).toBe(3);
    expect(kept.out).toContain('! endpoint GET hello  changed in the service by admin');
    edit(shop, 'handlers/hello.endpoint.jsonc', '"Hello"', '"Mine"');
    const conflict = await run('push');
    expect(conflict.code).toBe(3);
    expect(conflict.out).toContain('title  base "Hello" · here "Mine" · there "Theirs"');
    expect((await portico(shop, ['push', '--over', 'GET hello'], env)).code).toBe(0);
    expect(await admin.get('/admin/by-path/endpoints/hello')).toMatchObject({ title: 'Mine' });
  });

  test('faults of the service have the line of the file', async () => {
    edit(shop, 'handlers/hello.endpoint.jsonc', '"title"', '"secrets": ["NOT_THERE"],\n  "title"');
    const refused = await run('push');
    expect(refused.code).toBe(1);
    expect(refused.out).toContain('handlers/hello.endpoint.jsonc:5:15  secrets.0 secret NOT_THERE not found');
    edit(shop, 'handlers/hello.endpoint.jsonc', '"secrets": ["NOT_THERE"],\n  ', '');
    edit(shop, 'handlers/hello.ts', '{ name }', '{ name ');
    const broken = await run('push');
    expect(broken.code).toBe(1);
    expect(broken.err).toMatch(/^handlers\/hello\.ts:1:\d+ {2}Unexpected token/);
    edit(shop, 'handlers/hello.ts', '{ name ', '{ name }');
    expect(await run('status')).toMatchObject({ code: 0 });
  });

  test('warnings of a save have the line of the file', async () => {
    edit(shop, 'handlers/hello.ts', 'return {', "await fetch('https://api.example.com/');\n  return {");
    edit(shop, 'handlers/hello.ts', 'export default function', 'export default async function');
    const warned = await run('push');
    expect(warned.code).toBe(0);
    expect(warned.out).toMatch(/\nhandlers\/hello\.ts:2:\d+ {2}warning: .*api\.example\.com, which egress/);
    edit(shop, 'handlers/hello.ts', "await fetch('https://api.example.com/');\n  return {", 'return {');
    edit(shop, 'handlers/hello.ts', 'export default async function', 'export default function');
    expect(await run('push')).toMatchObject({ code: 0, out: expect.not.stringContaining('warning') });
  });

  test('a secret with a value is lost only when its loss is allowed', async () => {
    writeFiles(shop, { 'secrets.jsonc': '{ "STRIPE_KEY": { "description": "Of a test" } }' });
    expect(await run('push')).toMatchObject({ code: 0 });
    await admin.put('/admin/secrets/STRIPE_KEY', { value: 'canary-value' });
    rmSync(join(shop, 'secrets.jsonc'));
    expect((await run('push')).code).toBe(0);
    const refused = await run('push --prune');
    expect(refused.code).toBe(4);
    expect(refused.out).toContain("--allow 'drop-secret STRIPE_KEY'");
    expect(refused.out + refused.err).not.toContain('canary-value');
    expect((await portico(shop, ['push', '--prune', '--allow', 'drop-secret STRIPE_KEY'], env)).code).toBe(0);
  });
}
