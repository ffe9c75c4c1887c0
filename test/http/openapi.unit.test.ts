import { Validator } from '@seriousme/openapi-schema-validator';
import { expect, test } from 'vitest';
import { describeApi } from '../../src/http/openapi';
import { RECORDED_ANSWERS, REFERENCES } from '../../src/http/reference/examples';

const document = JSON.parse(JSON.stringify(describeApi())) as Record<string, unknown>;

test('the document is valid OpenAPI 3.1', async () => {
  expect(await new Validator().validate(structuredClone(document))).toMatchObject({ valid: true });
});

test('the validator refuses a broken document', async () => {
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
      const choices = (schema?.anyOf ?? [schema]) as (Record<string, unknown> | undefined)[];
      // The fields of a row are its table's columns: checked against the catalogue, which no document of ours can list.
      if (path.endsWith('/rows/{row}')) continue;
      if (choices.some((choice) => choice && !('$ref' in choice) && choice.additionalProperties !== false))
        open.push(`${method} ${path}`);
    }
  expect(open).toEqual([]);
});

test('a problem has the places of issues in a source', () => {
  const { Problem } = (document.components as { schemas: Record<string, { properties: Record<string, unknown> }> })
    .schemas;
  expect(Problem?.properties.errors).toMatchObject({
    items: { properties: { line: { type: 'integer' }, column: { type: 'integer' } } },
  });
});

test('every operation has an operationId of its own', () => {
  const paths = document.paths as Record<string, Record<string, { operationId?: string }>>;
  const ids = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, { operationId }]) => operationId ?? `none: ${method} ${path}`),
  );
  expect(ids.filter((id) => !/^[a-z][a-zA-Z]+$/.test(id))).toEqual([]);
  expect(new Set(ids).size).toBe(ids.length);
});

interface Described {
  operationId: string;
  tags: string[];
  summary: string;
  description: string;
  parameters?: { name: string; in: string; example?: string }[];
  requestBody?: { content: Record<string, { schema?: object; example?: unknown }> };
  responses: Record<string, { description?: string; content?: Record<string, { schema?: object; example?: unknown }> }>;
}
const operations = Object.values(document.paths as Record<string, Record<string, Described>>).flatMap((item) =>
  Object.values(item),
);

test('every operation has a description beyond its permission, and lists its refusals', () => {
  const silent = operations.filter(
    ({ description }) => description.replace(/Needs (the|no) .*/s, '').trim().length < 20,
  );
  expect(silent.map(({ operationId }) => operationId)).toEqual([]);
  const unrefused = operations.filter(
    ({ responses }) => !Object.keys(responses).some((status) => status.startsWith('4')),
  );
  expect(unrefused.map(({ operationId }) => operationId)).toEqual([]);
});

test('every operation has an example: of the path, of what it takes and of what it answers', () => {
  const missing = operations.flatMap(({ operationId, parameters = [], requestBody, responses }) => {
    const ok = Object.entries(responses).find(([status]) => status.startsWith('2'))![1];
    const bodies = [requestBody?.content, ok.content].flatMap((content) => Object.values(content ?? {}).slice(0, 1));
    return [
      ...parameters
        .filter((one) => one.in === 'path' && one.example === undefined)
        .map(({ name }) => `${operationId}: ${name}`),
      // A call takes and answers what its handler does.
      ...bodies
        .filter(({ schema, example }) => schema !== undefined && example === undefined)
        .map(() => `${operationId}: body`),
    ];
  });
  expect(missing).toEqual([]);
});

test('every described operation exists', () => {
  const ids = operations.map(({ operationId }) => operationId);
  expect(Object.keys(REFERENCES).filter((id) => !ids.includes(id))).toEqual([]);
  expect(Object.keys(RECORDED_ANSWERS).filter((id) => !ids.includes(id))).toEqual([]);
  const tags = (document.tags as { name: string }[]).map(({ name }) => name);
  expect([...new Set(operations.flatMap((one) => one.tags))].toSorted()).toEqual(tags.toSorted());
});

test('descriptions are Markdown without HTML, and no bound is that of all integers', () => {
  const texts: string[] = [];
  JSON.stringify(document, (key, value: unknown) => {
    if (key === 'description' || key === 'summary') texts.push(String(value));
    return value;
  });
  expect(texts.filter((text) => /[<>]/.test(text.replace(/`[^`]*`/g, '')))).toEqual([]);
  expect(JSON.stringify(document)).not.toContain('9007199254740991');
});
