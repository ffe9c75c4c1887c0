import { Validator } from '@seriousme/openapi-schema-validator';
import { expect, test } from 'vitest';
import { adminRoutes } from '../../src/http/admin/admin.routes';
import { describeRoutes } from '../../src/http/openapi';

const document = JSON.parse(JSON.stringify(describeRoutes(adminRoutes, 'https://portico.test'))) as Record<
  string,
  unknown
>;

test('the document is valid OpenAPI 3.1', async () => {
  expect(await new Validator().validate(structuredClone(document))).toMatchObject({ valid: true });
});

test('it is not valid by chance: a broken one is refused', async () => {
  expect(
    (await new Validator().validate({ ...structuredClone(document), paths: { 'no-slash': { get: 1 } } })).valid,
  ).toBe(false);
});

test('every request body refuses unknown fields, as the API does', () => {
  const open: string[] = [];
  const paths = document.paths as Record<
    string,
    Record<string, { requestBody?: { content: Record<string, { schema: Record<string, unknown> }> } }>
  >;
  for (const [path, operations] of Object.entries(paths))
    for (const [method, { requestBody }] of Object.entries(operations)) {
      const schema = requestBody?.content['application/json']?.schema;
      // The fields of a row are its table's columns: checked against the catalogue, which no document of ours can list.
      if (path.endsWith('/rows/{row}')) continue;
      if (schema && !('$ref' in schema) && schema.additionalProperties !== false) open.push(`${method} ${path}`);
    }
  expect(open).toEqual([]);
});

test('every operation has an operationId of its own', () => {
  const paths = document.paths as Record<string, Record<string, { operationId?: string }>>;
  const ids = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, { operationId }]) => operationId ?? `none: ${method} ${path}`),
  );
  expect(ids.filter((id) => !/^[a-z][a-zA-Z]+$/.test(id))).toEqual([]);
  expect(new Set(ids).size).toBe(ids.length);
});
