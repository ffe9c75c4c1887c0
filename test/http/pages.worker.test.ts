import { exports } from 'cloudflare:workers';
import { expect, it } from 'vitest';

const ORIGIN = 'https://portico.test';
const BROWSER = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };
const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  exports.default.fetch(`${ORIGIN}${path}`, { headers, redirect: 'manual' });

it('answers / with links: a page for a browser, JSON for a program, nothing to run in either', async () => {
  const page = await get('/', BROWSER);
  const html = await page.text();
  expect([page.status, page.headers.get('content-type')]).toEqual([200, expect.stringContaining('text/html')]);
  expect(page.headers.get('content-security-policy')).toMatch(
    /^default-src 'none'; style-src 'self'; img-src 'self'; /,
  );
  expect(page.headers.get('vary')).toBe('accept');
  for (const { accept } of [
    { accept: '*/*' },
    { accept: 'application/json' },
    { accept: 'application/json, text/html' },
  ]) {
    const answer = await get('/', { accept });
    expect(answer.headers.get('content-type')).toContain('application/json');
    const { links } = await answer.json<{ links: Record<string, string> }>();
    for (const [name, url] of Object.entries(links)) {
      expect(url.startsWith(ORIGIN)).toBe(true);
      if (name !== 'endpoints') expect((await get(url.slice(ORIGIN.length), BROWSER)).status).toBe(200);
    }
  }
  const hrefs = [...html.matchAll(/href="([^"]+)"/g)].map(([, href]) => href!);
  expect(hrefs).toEqual(expect.arrayContaining(['/u/docs', '/docs/', '/docs/guides/', '/health', '/openapi.json']));
  for (const href of hrefs) expect([href, (await get(href, BROWSER)).status]).toEqual([href, 200]);
  expect(html).not.toContain('<script');
});

it('has an icon', async () => {
  for (const path of ['/favicon.ico', '/favicon.svg']) {
    const icon = await get(path);
    expect([icon.status, icon.headers.get('content-type')]).toEqual([200, 'image/svg+xml']);
  }
});

it('answers an unknown address with a page that leads on, or with a problem for a program', async () => {
  for (const path of ['/nothing', '/docs/nothing', '/docs/guides/nothing', '/admin/nothing']) {
    const page = await get(path, BROWSER);
    expect([page.status, page.headers.get('content-type')]).toEqual([404, expect.stringContaining('text/html')]);
    expect(await page.text()).toContain('href="/"');
    const problem = await get(path);
    expect([problem.status, await problem.json()]).toMatchObject([404, { code: 'not_found' }]);
  }
  const posted = await exports.default.fetch(`${ORIGIN}/nothing`, { method: 'POST', headers: BROWSER });
  expect(posted.headers.get('content-type')).toBe('application/problem+json');
});

it('serves the reference with scripts of its own alone, and guides that run nothing', async () => {
  expect((await get('/docs')).headers.get('location')).toBe('/docs/');
  const reference = await get('/docs/', BROWSER);
  expect(reference.headers.get('content-security-policy')).toContain("script-src 'self'");
  expect(await reference.text()).toContain('href="/docs/guides/"');
  const guide = await get('/docs/guides/calls', BROWSER);
  expect(guide.headers.get('content-security-policy')).not.toContain('script-src');
  expect(await guide.text()).toContain('href="/docs/"');
  const again = await get('/docs/guides/calls', { ...BROWSER, 'if-none-match': guide.headers.get('etag')! });
  expect(again.status).toBe(304);
});

it('serves no other asset', async () => {
  expect((await get('/python/helpers.json')).status).toBe(404);
});
