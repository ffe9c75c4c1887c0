import { beforeAll, describe, expect, test } from 'vitest';
import { createEndpoint } from '../../../../src/core/publishing/endpoints/create-endpoint';
import { CreateEndpointInput, UpdateEndpointInput } from '../../../../src/core/publishing/endpoints/endpoint.schema';
import { updateEndpoint } from '../../../../src/core/publishing/endpoints/update-endpoint';
import type { Issue } from '../../../../src/kernel/errors';
import { createHandler } from '../../../../src/core/publishing/handlers/create-handler';
import { createVersion } from '../../../../src/core/publishing/handlers/create-version';
import { deployVersion } from '../../../../src/core/publishing/handlers/deploy-version';
import { CreateHandlerInput } from '../../../../src/core/publishing/handlers/handler.schema';
import { putSecret } from '../../../../src/core/publishing/secrets/put-secret';
import { createTable } from '../../../../src/core/tables/catalogue/create-table';
import { CreateTableInput } from '../../../../src/core/tables/catalogue/table.schema';
import { testContext } from '../../../support/context';
import { insertUser } from '../../../support/people';
import { ensureAdmin, unique } from '../../../support/publish';
import { respond, workflow } from '../../../support/workflow';

const ctx = testContext();
beforeAll(ensureAdmin);
type Warning = Pick<Issue, 'pointer' | 'code'>;

const save = (source: string, extension: string) =>
  createHandler(ctx, CreateHandlerInput.parse({ path: `${unique('w')}.${extension}`, source }));
const publishAt = (path: string, input: object = {}) =>
  createEndpoint(ctx, CreateEndpointInput.parse({ handler: { path }, ...input }));
const codes = (warnings: Warning[] | undefined): string[] | undefined =>
  warnings?.map(({ pointer, code }) => `${pointer} ${code}`);
const said = (warnings: Pick<Issue, 'message'>[] | undefined): string =>
  (warnings ?? []).map(({ message }) => message).join('\n');

/** The same mistakes in every language: a table that is not there, a host and a secret that no endpoint lists. */
const SOURCES: [string, string, Pick<Issue, 'pointer' | 'line'>][] = [
  ['js', 'export default async (p, ctx) => {\n  await ctx.tables.no_such.find();\n  return fetch("https://api.example.com/x", { headers: { k: ctx.env.API_KEY } });\n}', { pointer: '#/source', line: 2 }],
  ['ts', 'export default async (p: object, { tables, env }: any): Promise<unknown> => {\n  await tables.no_such.find();\n  return fetch("https://api.example.com/x", { headers: { k: env.API_KEY } });\n}', { pointer: '#/source', line: 2 }],
  ['py', 'from portico import env, fetch\ndef handler():\n    tables.no_such.list()\n    fetch("https://api.example.com/x", headers={"k": env["API_KEY"]})', { pointer: '#/source', line: 3 }],
  ['workflow.json', workflow({ id: 't', do: 'table.get', table: 'no_such' }, { id: 'h', do: 'http.request', url: 'https://api.example.com/x' }, respond(1)), { pointer: '#/source/steps/0/table', line: 1 }],
]; // oxfmt-ignore

describe.each(SOURCES)('a .%s handler', (extension, source, place) => {
  const isCode = extension !== 'workflow.json';

  test('is saved with a warning that points at a missing table', async () => {
    const { warnings } = await save(source, extension);
    expect(warnings.filter(({ code }) => code === 'maybe_missing')).toMatchObject([
      { ...place, message: expect.stringContaining('table no_such does not exist yet') },
    ]);
  });

  test('is published with warnings of what the endpoint does not list', async () => {
    const { path } = await save(source, extension);
    const { warnings, id } = await publishAt(path);
    const unlisted = ['#/egress not_listed', ...(isCode ? ['#/secrets not_listed'] : [])];
    expect(codes(warnings)?.toSorted()).toEqual(['#/handler maybe_missing', ...unlisted].toSorted());
    expect(said(warnings)).toContain('the handler sends requests to api.example.com, which egress does not list');
    await putSecret(ctx, 'API_KEY', { value: 'x', description: '', roles: [] });
    const listed = UpdateEndpointInput.parse({ egress: ['*.example.com'], secrets: ['API_KEY'] });
    expect(codes((await updateEndpoint(ctx, id, listed, null)).warnings)).toEqual(['#/handler maybe_missing']);
  });

  test('warns of the endpoints that serve it when a version is saved or deployed', async () => {
    const { id, path } = await save(
      isCode ? (extension === 'py' ? 'def handler(): return 1' : 'export default () => 1') : workflow(respond(1)),
      extension,
    );
    const one = await publishAt(path);
    await publishAt(path, { egress: ['api.example.com'] });
    const { warnings } = await createVersion(ctx, id, { source, note: '', deploy: false }, null);
    expect(said(warnings)).toContain(`in the endpoint ${one.path}: it sends requests to api.example.com`);
    expect(warnings.filter(({ message }) => message.includes('api.example.com'))).toHaveLength(1);
    expect(said((await deployVersion(ctx, id, 2, null)).warnings)).toContain(`in the endpoint ${one.path}`);
  });

  test('is saved and published without a warning when everything exists', async () => {
    const name = unique('t').replaceAll('-', '_');
    await createTable(ctx, CreateTableInput.parse({ name }));
    await putSecret(ctx, 'API_KEY', { value: 'x', description: '', roles: [] });
    const { path, warnings } = await save(source.replaceAll('no_such', name), extension);
    expect(warnings).toEqual([]);
    const made = await publishAt(path, { egress: ['api.example.com'], secrets: ['API_KEY'] });
    expect(made.warnings).toEqual(isCode ? undefined : []);
  });
});

test('a warning points at a missing name in a middleware', async () => {
  const { path } = await save('export default () => 1', 'js');
  const { path: mw } = await save(JSON.stringify({ kind: 'middleware', steps: [{ id: 'h', do: 'http.request', url: { tpl: 'https://a.example.com/{{body.x}}' } }, { id: 't', do: 'table.get', table: 'gone.away' }] }), 'workflow.json');
  const { warnings } = await publishAt(path, { access: { middleware: [{ handler: mw }] } });
  expect(codes(warnings)).toEqual(expect.arrayContaining(['#/egress not_listed', '#/access/middleware/0/handler maybe_missing']));
  expect(said(warnings)).toContain(`the middleware ${mw} sends requests to a.example.com`);
}); // oxfmt-ignore

test('a handler that a step calls is warned of wherever the workflow is saved, deployed or published', async () => {
  const { path, id, warnings } = await save(workflow({ id: 'c', do: 'call', handler: 'no/such.js' }), 'workflow.json');
  expect(codes(warnings)).toContain('#/source/steps/0/handler maybe_missing');
  expect(said((await publishAt(path)).warnings)).toContain('handler no/such.js does not exist yet');
  await createVersion(ctx, id, { source: workflow(respond(1)), note: '', deploy: true }, null);
  expect(said((await deployVersion(ctx, id, 1, null)).warnings)).toContain('handler no/such.js does not exist yet');
});

test('a secret closed to the executor is a warning at save, and a 503 with the reason in the run', async () => {
  const name = unique('S').replaceAll('-', '_').toUpperCase();
  await putSecret(ctx, name, { value: 'x', description: '', roles: ['operator'] });
  const { id: executor } = await insertUser(unique('runner'), ['viewer']);
  const { path } = await save('export default () => 1', 'js');
  const { id, warnings } = await publishAt(path, { secrets: [name], executor });
  expect(codes(warnings)).toEqual(['#/secrets/0 not_permitted']);
  const { id: other } = await insertUser(unique('runner'), ['operator']);
  expect((await updateEndpoint(ctx, id, { executor: other }, null)).warnings).toBeUndefined();
});
