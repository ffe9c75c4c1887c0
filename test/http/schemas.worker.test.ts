import { describe, expect, test } from 'vitest';
import { EndpointDocument } from '../../src/core/projects/documents/endpoint-document';
import { FILE_SCHEMAS, fileSchemaText } from '../../src/core/projects/files/file-schemas';
import { call } from '../support/publish';

interface Schema {
  title: string;
  properties?: Record<string, object>;
  anyOf?: Schema[];
}

describe.each(FILE_SCHEMAS)('/schemas/%s.json', (name) => {
  test('is public, for editors of any origin, and is read again only after a change', async () => {
    const first = await call(`/schemas/${name}.json`);
    expect([first.status, first.headers.get('content-type')]).toEqual([200, 'application/schema+json']);
    expect(first.headers.get('access-control-allow-origin')).toBe('*');
    expect(await first.text()).toBe(fileSchemaText(name));
    const etag = first.headers.get('etag')!;
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const again = await call(`/schemas/${name}.json`, { headers: { 'if-none-match': known } });
      expect([again.status, await again.text(), again.headers.get('etag')]).toEqual([304, '', etag]);
    }
    expect((await call(`/schemas/${name}.json`, { headers: { 'if-none-match': '"other"' } })).status).toBe(200);
  });

  test('takes the name of the schema in its files', () => {
    const schema = JSON.parse(fileSchemaText(name)) as Schema;
    expect(schema.title).toBe(`Portico ${name}`);
    expect((schema.anyOf?.[0] ?? schema).properties).toHaveProperty('$schema');
  });
});

test('the schema of an endpoint has every field that a push takes', () => {
  const { anyOf } = JSON.parse(fileSchemaText('endpoint')) as Schema;
  const fields = Object.keys(anyOf![0]!.properties!);
  expect(fields.toSorted()).toEqual([...Object.keys(EndpointDocument.shape), '$schema', 'on'].toSorted());
});

test('another name is 404, and the former address of the schema of workflows still answers', async () => {
  expect((await call('/schemas/user.json')).status).toBe(404);
  expect(await (await call('/workflow.schema.json')).text()).toBe(fileSchemaText('workflow'));
});
