import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileRoutes, matchRoute, routeFor } from '../../../src/core/gateway/router.rules';
import type { RouteRow } from '../../../src/storage/routes';

const row = (path: string, options: Partial<RouteRow> = {}): RouteRow => ({
  id: path,
  path,
  methods: ['GET'],
  subpaths: false,
  active: true,
  revision: 1,
  ...options,
});

/** The path, values and subpath that a target matches; null for none. */
function find(rows: readonly RouteRow[], target: string) {
  const match = matchRoute(compileRoutes(rows), target);
  return match && [match.table.first.path, match.values.join(), match.subpath];
}

describe('precedence', () => {
  const rows = [
    row('orders'),
    row('orders/:id'),
    row('orders/latest'),
    row('orders/:id/items'),
    row('orders/latest/:part/end'),
    row('orders/files', { subpaths: true }),
    row('orders/files/:name/raw', { subpaths: true }),
  ];
  test.each([
    ['orders', ['orders', '', '']],
    ['orders/', ['orders', '', '/']],
    ['orders/7', ['orders/:id', '7', '']],
    ['orders/7/', ['orders/:id', '7', '/']],
    ['orders/latest', ['orders/latest', '', '']],
    // The literal branch ends nowhere, so the name takes the segment.
    ['orders/latest/items', ['orders/:id/items', 'latest', '']],
    ['orders/latest/x/end', ['orders/latest/:part/end', 'x', '']],
    ['orders/files', ['orders/files', '', '']],
    ['orders/files/a/b', ['orders/files', '', '/a/b']],
    ['orders/files/a/raw/b', ['orders/files/:name/raw', 'a', '/b']],
    // A path that matches as a whole comes before the subpaths of another.
    ['orders/files/items', ['orders/:id/items', 'files', '']],
    ['orders//items', null],
    ['orders/7/other', null],
    ['orders/7//', null],
    ['orders/Latest', ['orders/:id', 'Latest', '']],
    ['orders/a%2Fb', ['orders/:id', 'a%2Fb', '']],
  ])('%s is %j', (target, found) => {
    expect(find(rows, target)).toEqual(found);
  });
});

test('a path has one endpoint for each method, GET answers HEAD, and Allow lists the methods of all', () => {
  const rows = [row('a/:id'), row('a/:id', { id: 'write', methods: ['POST', 'PUT'] })];
  const { table } = matchRoute(compileRoutes(rows), 'a/1')!;
  const ids = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'].map((method) => routeFor(table, method)?.id);
  expect(ids).toEqual(['a/:id', 'a/:id', 'write', 'write', undefined]);
  expect(table.allow).toBe('GET, POST, PUT');
});

test('below a path only the endpoints with subpaths answer', () => {
  const rows = [row('a', { subpaths: true }), row('a', { id: 'write', methods: ['POST'] })];
  const router = compileRoutes(rows);
  expect(matchRoute(router, 'a')!.table.allow).toBe('GET, POST');
  expect(matchRoute(router, 'a/x')!.table.allow).toBe('GET');
});

test('an inactive endpoint answers nothing', () => {
  const rows = [row('a', { active: false }), row('a/b')];
  expect([find(rows, 'a'), find(rows, 'a/b')]).toEqual([null, ['a/b', '', '']]);
});

/** Compares with every path, one after the other: the order of precedence as a sort. */
function naive(rows: readonly RouteRow[], target: string) {
  const trimmed = target.length > 1 && target.endsWith('/') ? target.slice(0, -1) : target;
  const segments = trimmed.split('/');
  const candidates = rows.flatMap(({ path, subpaths }) => {
    const parts = path.split('/');
    const fits = parts.every(
      (part, i) => segments[i] !== undefined && (part.startsWith(':') ? segments[i] !== '' : part === segments[i]),
    );
    const isWhole = parts.length === segments.length;
    return fits && (isWhole || (subpaths && parts.length < segments.length)) ? [{ path, parts, isWhole }] : [];
  });
  const rank = ({ parts, isWhole }: (typeof candidates)[number]): string =>
    `${isWhole ? 0 : 1}${9 - parts.length}${parts.map((part) => (part.startsWith(':') ? 1 : 0)).join('')}`;
  const [best] = candidates.toSorted((a, b) => (rank(a) < rank(b) ? -1 : 1));
  return best?.path ?? null;
}

test('the router finds what a comparison with every path finds', () => {
  const segment = fc.constantFrom('a', 'b', ':x');
  const path = fc.array(segment, { maxLength: 5 }).map((parts) => ['r', ...parts].join('/'));
  const routes = fc.uniqueArray(fc.record({ path, subpaths: fc.boolean() }), { selector: (each) => each.path });
  const target = fc
    .array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 7 })
    .map((parts) => ['r', ...parts].join('/'));
  fc.assert(
    fc.property(routes, target, (options, called) => {
      const rows = options.map((each) => row(each.path, { subpaths: each.subpaths }));
      expect(find(rows, called)?.[0] ?? null).toBe(naive(rows, called));
    }),
    { numRuns: 3000 },
  );
});
