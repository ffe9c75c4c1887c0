import { expect, test } from 'vitest';
import { placeObject } from '../../../../packages/cli/src/pull/place-objects.ts';
import { takeChanges } from '../../../../packages/cli/src/pull/take-changes.ts';

const FILE = `{
  // Why it is here.
  "path": "orders",
  "title": "Orders", // short
  "limits": { "timeoutMs": 5000 },
  "parameters": [
    { "name": "id", "type": "uuid" },
    { "name": "mine", "type": "text" }
  ],
  "on": { "local": { "egress": ["a.example.com"] } }
}
`;
const BEFORE = {
  path: 'orders',
  title: 'Orders',
  limits: { timeoutMs: 5000 },
  parameters: [{ name: 'id', type: 'uuid' }],
  egress: ['a.example.com'],
};
const take = (after: object): string => takeChanges(FILE, [], 'local', BEFORE, after as Record<string, unknown>);

test('one changed field leaves comments and all else as they are', () => {
  expect(take({ ...BEFORE, title: 'All orders' })).toBe(FILE.replace('"Orders",', '"All orders",'));
  expect(take({ ...BEFORE, limits: { timeoutMs: 2000 } })).toBe(FILE.replace('5000', '2000'));
  expect(take(BEFORE)).toBe(FILE);
});

test('a field that the target has differently is changed there', () => {
  expect(take({ ...BEFORE, egress: ['b.example.com'] })).toMatch(
    /"on": \{ "local": \{ "egress": \[\s*"b\.example\.com"\s*\] \} \}/,
  );
});

test('a removed field is removed, and a new one added', () => {
  const { title: _title, ...rest } = BEFORE;
  const taken = take({ ...rest, description: 'New' });
  expect(taken).not.toContain('"title"');
  expect(taken).toContain('"description": "New"');
});

test('parameters are matched by name: one that only the file has stays', () => {
  const taken = take({
    ...BEFORE,
    parameters: [
      { name: 'id', type: 'text' },
      { name: 'theirs', type: 'int' },
    ],
  });
  expect([...taken.matchAll(/"name": "(\w+)",\s*"type": "(\w+)"/g)].map(([, name, type]) => `${name} ${type}`)).toEqual(
    ['id text', 'mine text', 'theirs int'],
  );
});

test('the document of an entry is changed in its place', () => {
  expect(
    takeChanges('{ "a": { "description": "x" }, "b": {} }', ['a'], 'local', { description: 'x' }, { description: 'y' }),
  ).toBe('{ "a": { "description": "y" }, "b": {} }');
});

test('objects that the folder lacks get a file each, beside the handler where that is free', () => {
  const none = (): boolean => false;
  expect(placeObject('endpoint', 'GET orders', { path: 'orders', handler: 'shop/orders.ts' }, none)).toEqual({
    file: 'handlers/shop/orders.endpoint.jsonc',
    text: '{\n  "$schema": "../../.portico/schema/endpoint.json",\n  "path": "orders"\n}\n',
  });
  expect(
    placeObject(
      'endpoint',
      'GET,POST orders/:id',
      { path: 'orders/:id', handler: 'a.ts' },
      (file) => file === 'handlers/a.endpoint.jsonc',
    ),
  ).toMatchObject({
    file: 'handlers/orders/id-get-post.endpoint.jsonc',
    text: expect.stringContaining('"handler": "a.ts"'),
  });
  expect(placeObject('role', 'buyer', { description: 'x' }, none)).toEqual({
    file: 'roles.jsonc',
    entry: 'buyer',
    value: { description: 'x' },
  });
  expect(placeObject('table', 'shop.orders', {}, (file) => file === 'tables/shop.orders.table.jsonc')).toMatchObject({
    file: 'tables/shop.orders-2.table.jsonc',
  });
});
