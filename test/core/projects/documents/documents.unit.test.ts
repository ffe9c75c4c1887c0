import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import * as z from 'zod';
import {
  digestOf,
  JSON_KINDS,
  normalOf,
  normalSource,
  parseDocument,
  type JsonKind,
} from '../../../../src/core/projects/documents/documents';
import type { Normal } from '../../../../src/core/projects/documents/normal.rules';
import { canonicalJson } from '../../../../src/kernel/normal-form';

const normal = (kind: JsonKind, value: unknown): Normal => {
  const read = parseDocument(kind, value);
  if ('issues' in read) throw new Error(JSON.stringify(read.issues));
  return read.normal;
};

const word = fc.stringMatching(/^[a-z][a-z0-9_]{0,8}$/);
const list = (item: fc.Arbitrary<string>) => fc.array(item, { maxLength: 4 });
const some = <T extends Record<string, fc.Arbitrary<unknown>>>(fields: T, required: (keyof T & string)[] = []) =>
  fc.record(fields, { requiredKeys: required });

const DOCUMENTS: Record<JsonKind, fc.Arbitrary<object>> = {
  role: some({ description: fc.string({ maxLength: 20 }) }),
  secret: some({ description: fc.string({ maxLength: 20 }), roles: list(word) }),
  key: some({ active: fc.boolean(), expiresAt: fc.constantFrom(null, '2040-01-01T00:00:00+02:00', '2039-12-31T22:00:00Z') }),
  table: some(
    {
      schema: word,
      name: word,
      description: fc.string({ maxLength: 20 }),
      idType: fc.constantFrom('uuid', 'integer'),
      columns: fc.uniqueArray(
        some({ name: word, type: fc.constantFrom('text', 'integer'), required: fc.boolean(), was: word }, ['name', 'type']),
        { selector: ({ name }) => name, maxLength: 4 },
      ),
      read: list(word),
      write: list(word),
    },
    ['name'],
  ),
  endpoint: some(
    {
      path: word.map((text) => `p-${text}`),
      methods: fc.uniqueArray(fc.constantFrom('GET', 'POST', 'PUT'), { minLength: 1 }),
      title: fc.string({ maxLength: 20 }),
      handler: word.map((text) => `${text}.ts`),
      executor: word,
      instance: fc.constantFrom('pooled', 'per-call', 'shared'),
      access: some({
        level: fc.constantFrom('public', 'key'),
        keys: list(word),
        roles: some({ match: fc.constantFrom('any', 'all'), names: list(word) }),
      }),
      parameters: fc.array(some({ name: word, in: fc.constantFrom('body', 'query'), default: fc.jsonValue({ maxDepth: 2 }) }, ['name']), { maxLength: 3 }),
      response: some({ types: fc.constantFrom(['text/plain', 'application/json'], ['text/csv']) }),
      limits: some({ timeoutMs: fc.constantFrom(10_000, 5), steps: fc.constantFrom(1, 7) }),
      rateLimit: fc.constantFrom(null, { limit: 5, windowSeconds: 60 }),
      secrets: list(word.map((text) => text.toUpperCase())),
    },
    ['path', 'handler'],
  ),
}; // oxfmt-ignore

/** As a client writes it: without `undefined`, and without the -0 that JSON.stringify writes as 0. */
const asSent = (document: object): object => JSON.parse(JSON.stringify(document)) as object;

describe.each(Object.keys(JSON_KINDS) as JsonKind[])('a document of a %s', (kind) => {
  test('has one normal form: printing and reading it changes nothing', () => {
    fc.assert(
      fc.property(DOCUMENTS[kind].map(asSent), (document) => {
        const once = normal(kind, document);
        const printed: unknown = JSON.parse(JSON.stringify(once));
        expect(normal(kind, printed)).toEqual(once);
        expect(normalOf(kind, printed as Normal)).toEqual(once);
        expect(digestOf(normal(kind, JSON.parse(canonicalJson(document))))).toBe(digestOf(once));
      }),
      { numRuns: 60 },
    );
  });

  test('has the normal form of the same document with all defaults written out', () => {
    fc.assert(
      fc.property(DOCUMENTS[kind].map(asSent), (document) => {
        const full: unknown = JSON.parse(JSON.stringify(JSON_KINDS[kind].parse(document)));
        expect(normal(kind, full)).toEqual(normal(kind, document));
      }),
      { numRuns: 60 },
    );
  });
});

test('the normal form of an endpoint has what differs from the defaults', () => {
  const document = {
    $schema: '../.portico/schema/endpoint.json',
    path: 'orders',
    methods: ['POST'],
    handler: 'shop/order.ts',
    access: { level: 'key', keys: ['web', 'app', 'web'] },
    parameters: [{ name: 'currency', type: 'text', in: 'query', was: 'cur', required: false }],
    limits: {},
    was: 'order',
  };
  expect(parseDocument('endpoint', document)).toEqual({
    normal: {
      path: 'orders',
      handler: 'shop/order.ts',
      access: { keys: ['app', 'web'] },
      parameters: [{ name: 'currency', in: 'query' }],
    },
    was: 'order',
    formerNames: { currency: 'cur' },
  });
});

test('every issue of a document is named', () => {
  const read = parseDocument('endpoint', { path: 'a b', handler: 'x.rb', limts: {} });
  expect('issues' in read && read.issues.map(({ pointer }) => pointer)).toEqual(['#/path', '#/handler', '#/limts']);
});

test('a mark at the start of a source and the form of its line ends are no change', () => {
  expect(normalSource('\uFEFFa\r\nb\n')).toBe('a\nb\n');
});

test('every field of a kind but former names and choices of the file has a default, or must be given', () => {
  const optional = Object.entries(JSON_KINDS).flatMap(([kind, { shape }]) =>
    Object.entries(shape as z.core.$ZodShape)
      .filter(([, field]) => field instanceof z.ZodOptional)
      .map(([name]) => `${kind}.${name}`),
  );
  expect(optional).toEqual(['table.was', 'key.was', 'endpoint.executor', 'endpoint.was']);
});
