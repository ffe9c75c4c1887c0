import { expect, test } from 'vitest';
import { answerSchemaIssue } from '../../../../src/core/publishing/endpoints/answer-schema.rules';
import { ResponseRules } from '../../../../src/core/publishing/endpoints/response.schema';

test.each([
  [{ type: 'nope' }, 'type'],
  [{ type: ['string', 'text'] }, 'type'],
  [{ type: [] }, 'type'],
  [{ properties: [1] }, 'properties'],
  [{ properties: { a: 5 } }, 'properties/a'],
  [{ properties: { a: { items: [{}] } } }, 'properties/a/items'],
  [{ required: 'x' }, 'required'],
  [{ required: [1] }, 'required'],
  [{ enum: 5 }, 'enum'],
  [{ allOf: {} }, 'allOf'],
  [{ anyOf: [{ type: 'text' }] }, 'anyOf/0/type'],
  [{ oneOf: [] }, 'oneOf'],
  [{ minimum: '1' }, 'minimum'],
  [{ maxLength: -1 }, 'maxLength'],
  [{ pattern: '(' }, 'pattern'],
  [{ title: 5 }, 'title'],
  [{ properties: { a: { $ref: '#/$defs/a' } }, $defs: { b: {} } }, 'properties/a/$ref'],
  [{ $ref: 5 }, '$ref'],
])('%j is no JSON Schema, at %s', (schema, place) => {
  expect(answerSchemaIssue(schema)?.path.join('/')).toBe(place);
  expect(ResponseRules.safeParse({ schema }).error?.issues).toMatchObject([
    { path: ['schema', ...place.split('/').map((part) => (/^\d$/.test(part) ? Number(part) : part))] },
  ]);
});

test.each([
  {},
  { type: ['string', 'null'], title: 'a', minLength: 0, pattern: '^a' },
  { properties: { type: true, $ref: { type: 'string' }, required: { enum: [{ type: 'nope' }] } }, required: [] },
  { $defs: { 'a/b': { items: { $ref: '#' } } }, $ref: '#/$defs/a~1b' },
  {
    prefixItems: [{ const: { $ref: 'data' } }],
    items: false,
    'x-mine': 5,
    $schema: 'https://json-schema.org/draft/2020-12/schema',
  },
  { if: { type: 'object' }, then: { minProperties: 1 }, examples: [{ type: 'nope' }], default: { type: 'nope' } },
])('%j is one', (schema) => {
  expect(answerSchemaIssue(schema)).toBeNull();
});
