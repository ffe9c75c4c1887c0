import { expect, test } from 'vitest';
import { addressOf, renderGuides } from '../../scripts/build-pages.ts';

const guides = renderGuides();

test('every page of docs/ and every example is a guide, and the list links to it', () => {
  const list = guides.get('/docs/guides/index.html')!;
  for (const file of ['/docs/guides/calls', '/docs/guides/compat/plynx', '/docs/guides/examples/hono-app']) {
    expect(guides.has(`${file}.html`)).toBe(true);
    expect(list).toContain(`href="${file}"`);
  }
  expect([...list.matchAll(/<li>/g)]).toHaveLength(guides.size - 1);
});

test('links between guides lead to guides and to headings that are there', () => {
  const broken: string[] = [];
  for (const [page, html] of guides) {
    for (const [, href] of html.matchAll(/<a href="([^"]+)"/g)) {
      if (!href!.startsWith('#') && !href!.startsWith('/docs/guides/')) continue;
      const [path, anchor] = href!.split('#') as [string, string?];
      const target = path === '' ? html : guides.get(path.endsWith('/') ? `${path}index.html` : `${path}.html`);
      if (!target || (anchor && !target.includes(`id="${anchor}"`))) broken.push(`${page}: ${href}`);
    }
  }
  expect(broken).toEqual([]);
});

test('links to the local service lead to the service that has the guide', () => {
  const quickstart = guides.get('/docs/guides/quickstart.html')!;
  expect([...quickstart.matchAll(/href="([^"]*:[^"]*)"/g)]).toEqual([]);
  expect(quickstart).toContain('href="/docs/"');
});

test('angle brackets in a guide are text', () => {
  expect(guides.get('/docs/guides/calls.html')).toContain('/u/&lt;path&gt;');
  expect(guides.get('/docs/guides/workflows.html')).not.toContain('example: quote');
  const tags = [...guides.values()].flatMap((html) => [...html.matchAll(/<([a-z][a-z0-9]*)/g)].map(([, tag]) => tag!));
  const known =
    'a body code del em h1 h2 h3 h4 head html li link main meta nav ol p pre strong table tbody td th thead title tr ul br';
  expect([...new Set(tags)].filter((tag) => !known.split(' ').includes(tag))).toEqual([]);
});

test('files that are not served have no address', () => {
  expect(['src/http/app.ts', 'README.md', 'examples/x/handler.ts'].map(addressOf)).toEqual([null, null, null]);
});
