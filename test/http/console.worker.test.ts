import { exports } from 'cloudflare:workers';
import { expect, it } from 'vitest';

const ORIGIN = 'https://portico.test';
const get = (path: string, origin = ORIGIN): Promise<Response> =>
  exports.default.fetch(`${origin}${path}`, { headers: { accept: 'text/html' }, redirect: 'manual' });
const nonceOf = (text: string): string | undefined => /nonce[-=]"?([\w-]{22})["']/.exec(text)?.[1];

it('shows its one page at every address of the console', async () => {
  for (const path of ['/console/', '/console/endpoints', '/console/runs/run_0?step=a.b', '/console/index.html']) {
    const page = await get(path);
    expect([path, page.status, page.headers.get('content-type')]).toEqual([path, 200, 'text/html; charset=utf-8']);
    expect(await page.text()).toContain('<div id="console">');
  }
  expect([(await get('/console')).status, (await get('/console')).headers.get('location')]).toEqual([301, '/console/']);
});

it('admits only its own scripts and styles, with a nonce of each response', async () => {
  const pages = await Promise.all([get('/console/'), get('/console/')]);
  const nonces = await Promise.all(
    pages.map(async (page) => {
      const policy = page.headers.get('content-security-policy')!;
      expect(policy).not.toContain('unsafe');
      expect(policy).toMatch(/^default-src 'none'; script-src 'self'; /);
      for (const part of ["require-trusted-types-for 'script'", "frame-ancestors 'none'", "base-uri 'none'"])
        expect(policy.split('; ')).toContain(part);
      const html = await page.text();
      expect(html).not.toContain('portico-nonce');
      expect(
        html.match(/<script(?! type="module" crossorigin src="\/console\/assets\/)|<style|\son\w+=|\sstyle=/g),
      ).toBeNull();
      expect(nonceOf(html)).toBe(nonceOf(policy));
      return nonceOf(policy);
    }),
  );
  expect(nonces[0]).toMatch(/^\w{22}$/);
  expect(nonces[0]).not.toBe(nonces[1]);
  expect(Object.fromEntries(pages[0].headers)).toMatchObject({
    'cache-control': 'no-store',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': expect.stringContaining('camera=()'),
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  });
});

it('serves its files for good, and 404 for one that is missing', async () => {
  const html = await (await get('/console/')).text();
  const files = [...html.matchAll(/"(\/console\/assets\/[^"]+)"/g)].map(([, path]) => path!);
  expect(files.length).toBeGreaterThan(1);
  for (const path of files) {
    const file = await get(path);
    const type = path.endsWith('.css') ? 'text/css' : 'text/javascript';
    expect([path, file.status, file.headers.get('content-type')]).toEqual([path, 200, expect.stringContaining(type)]);
    expect(file.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(file.headers.get('x-content-type-options')).toBe('nosniff');
  }
  for (const path of [
    '/console/assets/missing.js',
    '/console/assets/',
    '/console/assets/..%2f..%2fdocs%2ffront.html',
  ]) {
    const missing = await get(path);
    expect([path, missing.status]).toEqual([path, 404]);
    expect(missing.headers.get('cache-control') ?? '').not.toContain('immutable');
  }
});

it('answers GET alone', async () => {
  const posted = await exports.default.fetch(`${ORIGIN}/console/endpoints`, { method: 'POST' });
  expect(posted.status).toBe(404);
});
