import { beforeAll, describe, expect, it } from 'vitest';
import type * as z from 'zod';
import type { Context } from '../../../src/core/access/context';
import type { Actor } from '../../../src/core/access/actor';
import { createEndpoint } from '../../../src/core/publishing/endpoints/create-endpoint';
import { deleteEndpoint } from '../../../src/core/publishing/endpoints/delete-endpoint';
import { CreateEndpointInput, UpdateEndpointInput } from '../../../src/core/publishing/endpoints/endpoint.schema';
import { getEndpoint } from '../../../src/core/publishing/endpoints/get-endpoint';
import { testEndpoint } from '../../../src/core/gateway/test/test-endpoint';
import { TestEndpointInput } from '../../../src/core/gateway/test/test-endpoint.schema';
import { updateEndpoint } from '../../../src/core/publishing/endpoints/update-endpoint';
import { createHandler } from '../../../src/core/publishing/handlers/create-handler';
import { createVersion } from '../../../src/core/publishing/handlers/create-version';
import { deployVersion } from '../../../src/core/publishing/handlers/deploy-version';
import { CreateHandlerInput } from '../../../src/core/publishing/handlers/handler.schema';
import { createRole } from '../../../src/core/identity/roles/create-role';
import { UseTemplateInput } from '../../../src/core/publishing/templates/template.schema';
import { useTemplate } from '../../../src/core/publishing/templates/use-template';
import { createToken } from '../../../src/core/identity/tokens/create-token';
import { createUser } from '../../../src/core/identity/users/create-user';
import { mayRunAs, mayTestAs } from '../../../src/core/access/run-as';
import { toProblem } from '../../../src/http/wire/errors';
import { codeOf } from '../../support/code-of';
import { testContext } from '../../support/context';
import { insertUser } from '../../support/people';
import { ensureAdmin, saveHandler, unique } from '../../support/publish';
import { respond, saveMiddleware, workflow } from '../../support/workflow';

const user = (id: string, ...roles: string[]): Actor => ({ kind: 'user', id, name: id, roles, sessionId: 'ses_1' });
const token = (...roles: string[]): Actor => ({
  kind: 'token',
  id: 'tok_1',
  name: 't',
  roles,
  userId: 'usr_1',
  executorId: null,
});

describe('mayRunAs', () => {
  it.each<[Actor, string, string[], boolean]>([
    [{ kind: 'system' }, 'usr_2', ['admin'], true],
    [{ kind: 'anonymous', credential: 'none' }, 'usr_2', [], false],
    [user('usr_1'), 'usr_1', [], true],
    [user('usr_1'), 'usr_2', [], true],
    [user('usr_1', 'developer'), 'usr_2', ['developer'], true],
    [user('usr_1', 'developer', 'billing'), 'usr_2', ['billing'], true],
    [user('usr_1', 'developer'), 'usr_2', ['billing'], false],
    [user('usr_1', 'developer'), 'usr_2', ['developer', 'operator'], false],
    [user('usr_1', 'developer'), 'usr_2', ['admin'], false],
    [user('usr_1', 'admin'), 'usr_2', ['admin', 'billing'], true],
    // A token is not the user who made it.
    [token('developer'), 'usr_1', ['admin'], false],
    [token('developer'), 'usr_1', ['developer'], true],
    [token(), 'usr_1', ['developer'], false],
    [token('admin'), 'usr_2', ['admin', 'billing'], true],
  ])('%j as %s with %j: %s', (actor, id, roles, expected) => expect(mayRunAs(actor, { id, roles })).toBe(expected));
});

describe('mayTestAs', () => {
  it.each([
    [user('usr_1', 'developer'), ['customer', 'gold'], true],
    [user('usr_1', 'developer'), ['viewer'], false],
    [user('usr_1', 'developer'), ['admin'], false],
    [user('usr_1', 'admin'), ['operator'], true],
  ])('%j as a caller with %j: %s', (actor, roles, expected) =>
    expect(mayTestAs(actor, { id: 'usr_2', roles })).toBe(expected),
  );
});

/*
 * Every verb that decides what runs with whose rights, by everybody who may get that far. `boss` is an admin, `billing` has the roles
 * developer and billing, `ann` and `bob` are developers, `svc` has no role.
 */
const admin = testContext();
let people: Record<'boss' | 'billing' | 'ann' | 'bob' | 'svc' | 'customer', string>;
let other: string;

beforeAll(async () => {
  await ensureAdmin();
  await createRole(admin, { name: 'billing', description: '' });
  await createRole(admin, { name: 'customer', description: '' });
  const make = async (name: string, ...roles: string[]) => (await insertUser(unique(name), roles)).id;
  people = {
    boss: await make('boss', 'admin'),
    billing: await make('billing', 'developer', 'billing'),
    ann: await make('ann', 'developer'),
    bob: await make('bob', 'developer'),
    svc: await make('svc'),
    customer: await make('customer', 'customer'),
  };
  other = (await saveHandler('export default () => "other"')).path;
});

type Name = keyof typeof people;
const asUser = (name: Name, ...roles: string[]) =>
  testContext({ kind: 'user', id: people[name], name, roles, sessionId: 'ses_1' });
const asToken = (roles: string[], executor: Name | null) =>
  testContext({
    kind: 'token',
    id: 'tok_1',
    name: 'ci',
    roles,
    userId: people.boss,
    executorId: executor && people[executor],
  });

/** By the column of the table below. */
const PRINCIPALS: Record<string, () => Context> = {
  boss: () => asUser('boss', 'admin'),
  billing: () => asUser('billing', 'developer', 'billing'),
  ann: () => asUser('ann', 'developer'),
  'token of ann': () => asToken(['developer'], 'ann'),
  'token of nobody': () => asToken(['developer'], null),
  'token too weak': () => asToken(['developer'], 'billing'),
  'admin token': () => asToken(['admin'], null),
};

const SOURCE = 'export default () => 1';
const CHANGED = 'export default () => 2';
const create = (ctx: Context, input: Partial<z.input<typeof CreateEndpointInput>> = {}) =>
  createEndpoint(ctx, CreateEndpointInput.parse({ path: unique('ep'), handler: { path: other }, ...input }));
const update = (ctx: Context, id: string, input: z.input<typeof UpdateEndpointInput>) =>
  updateEndpoint(ctx, id, UpdateEndpointInput.parse(input), null);

/** An endpoint that the admin has made to run as `name`, with a handler of its own. */
async function endpointAs(name: Name, source = SOURCE, extension = 'js', input: object = {}) {
  const handler = await saveHandler(source, `${unique('h')}.${extension}`);
  return {
    handler,
    endpoint: await create(admin, { executor: people[name], handler: { path: handler.path }, ...input }),
  };
}
const deploy = (ctx: Context, id: string, source = CHANGED) =>
  createVersion(ctx, id, { source, note: '', deploy: true }, null);

/** Result for each principal; `.` is done, `x` is 403. */
const TABLE: [string, string, (ctx: Context) => Promise<unknown>][] = [
  ['creates an endpoint', '. . . . x x .', (ctx) => create(ctx)],
  ['creates one that runs as an admin', '. x x x x x .', (ctx) => create(ctx, { executor: people.boss })],
  ['creates one that runs as billing', '. . x x x x .', (ctx) => create(ctx, { executor: people.billing })],
  ['creates one that runs as an equal', '. . . . . . .', (ctx) => create(ctx, { executor: people.bob })],
  ['creates one that runs as nobody much', '. . . . . . .', (ctx) => create(ctx, { executor: people.svc })],
  ['makes an equal’s endpoint run as an admin', '. x x x x x .', async (ctx) =>
    update(ctx, (await endpointAs('bob')).endpoint.id, { executor: people.boss })],
  ['takes an admin’s endpoint over, as nobody much', '. . . . . . .', async (ctx) =>
    update(ctx, (await endpointAs('boss')).endpoint.id, { executor: people.svc, handler: { path: other } })],
  ['links another handler to an equal’s endpoint', '. . . . . . .', async (ctx) =>
    update(ctx, (await endpointAs('bob')).endpoint.id, { handler: { path: other } })],
  ['links another handler to an admin’s endpoint', '. x x x x x .', async (ctx) =>
    update(ctx, (await endpointAs('boss')).endpoint.id, { handler: { path: other } })],
  ['pins a version of an admin’s endpoint', '. x x x x x .', async (ctx) => {
    const { endpoint, handler } = await endpointAs('boss');
    return update(ctx, endpoint.id, { handler: { path: handler.path, version: 1 } });
  }],
  ['opens an admin’s endpoint to everybody', '. x x x x x .', async (ctx) =>
    update(ctx, (await endpointAs('boss')).endpoint.id, { access: { level: 'public' } })],
  ['lets an admin’s endpoint out', '. x x x x x .', async (ctx) =>
    update(ctx, (await endpointAs('boss')).endpoint.id, { egress: ['api.example-partner.com'] })],
  ['moves an admin’s endpoint', '. x x x x x .', async (ctx) =>
    update(ctx, (await endpointAs('boss')).endpoint.id, { path: unique('ep') })],
  ['switches an admin’s endpoint off and names it', '. . . . . . .', async (ctx) =>
    update(ctx, (await endpointAs('boss')).endpoint.id, { active: false, title: 't', description: 'd', folder: 'f' })],
  ['deletes an admin’s endpoint', '. . . . . . .', async (ctx) =>
    deleteEndpoint(ctx, (await endpointAs('boss')).endpoint.id, null)],
]; // oxfmt-ignore

/** Handlers, tests and templates are not to be had with a token. */
const IN_PERSON: [string, string, (ctx: Context) => Promise<unknown>][] = [
  ['deploys a handler of an equal', '. . .', async (ctx) => deploy(ctx, (await endpointAs('bob')).handler.id)],
  ['deploys a handler that billing runs', '. . x', async (ctx) => deploy(ctx, (await endpointAs('billing')).handler.id)],
  ['deploys a handler that an admin runs', '. x x', async (ctx) => deploy(ctx, (await endpointAs('boss')).handler.id)],
  ['saves a version that an admin may deploy', '. . .', async (ctx) =>
    createVersion(ctx, (await endpointAs('boss')).handler.id, { source: CHANGED, note: '', deploy: false }, null)],
  ['deploys a version that waits', '. x x', async (ctx) => {
    const { handler } = await endpointAs('boss');
    await createVersion(admin, handler.id, { source: CHANGED, note: '', deploy: false }, null);
    return deployVersion(ctx, handler.id, 2, null);
  }],
  ['deploys a handler of which an admin’s endpoint pins a version', '. . .', async (ctx) => {
    const { handler, endpoint } = await endpointAs('boss');
    await update(admin, endpoint.id, { handler: { path: handler.path, version: 1 } });
    return deploy(ctx, handler.id);
  }],
  ['deploys a middleware that guards an admin’s endpoint', '. x x', async (ctx) => {
    const guard = await saveMiddleware([{ id: 's', do: 'set', name: 'a', value: 1 }]);
    await endpointAs('boss', SOURCE, 'js', { access: { middleware: [{ handler: guard.path }] } });
    const source = JSON.stringify({ kind: 'middleware', parameters: [], steps: [{ id: 's', do: 'set', name: 'a', value: 2 }] });
    return deploy(ctx, guard.id, source);
  }],
  ['deploys a handler that an admin’s workflow calls', '. x x', async (ctx) => {
    const called = await saveHandler(SOURCE);
    await endpointAs('boss', workflow({ id: 'c', do: 'call', handler: called.path }, respond(1)), 'workflow.json');
    return deploy(ctx, called.id);
  }],
  ['deploys a handler that is two calls away', '. x x', async (ctx) => {
    const called = await saveHandler(SOURCE);
    const middle = await saveHandler(workflow({ id: 'c', do: 'call', handler: called.path }, respond(1)), `${unique('m')}.workflow.json`);
    await endpointAs('boss', workflow({ id: 'c', do: 'call', handler: middle.path }, respond(1)), 'workflow.json');
    return deploy(ctx, called.id);
  }],
  ['makes a handler that an admin’s workflow calls already', '. x x', async (ctx) => {
    const path = `${unique('later')}.js`;
    await endpointAs('boss', workflow({ id: 'c', do: 'call', handler: path }, respond(1)), 'workflow.json');
    return createHandler(ctx, CreateHandlerInput.parse({ path, source: SOURCE }));
  }],
  ['tests an equal’s endpoint', '. . .', async (ctx) => run(ctx, (await endpointAs('bob')).endpoint.id, {})],
  ['tests an admin’s endpoint', '. x x', async (ctx) => run(ctx, (await endpointAs('boss')).endpoint.id, {})],
  ['tests as an admin who calls', '. x x', async (ctx) => run(ctx, (await endpointAs('bob')).endpoint.id, { as: { user: people.boss } })],
  ['tests as a customer who calls', '. . .', async (ctx) => run(ctx, (await endpointAs('bob')).endpoint.id, { as: { user: people.customer } })],
  ['uses a template', '. . .', async (ctx) => useTemplate(ctx, 'hello-json', UseTemplateInput.parse({}))],
  ['makes a token', '. x x', async (ctx) => createToken(ctx, { name: 't', roles: ['developer'], expiresAt: null })],
  ['makes a user', '. x x', async (ctx) => createUser(ctx, { name: unique('u'), password: 'a password of tests', roles: ['admin'], active: true })],
]; // oxfmt-ignore
const run = (ctx: Context, id: string, input: z.input<typeof TestEndpointInput>) =>
  testEndpoint(ctx, id, TestEndpointInput.parse(input), toProblem);

const outcomes = async (names: string[], verb: (ctx: Context) => Promise<unknown>): Promise<string> => {
  const found: string[] = [];
  for (const name of names) {
    const code = await codeOf(verb(PRINCIPALS[name]!()));
    found.push(code === 'done' ? '.' : code === 'forbidden' ? 'x' : code);
  }
  return found.join(' ');
};

describe('code that an actor makes, links, deploys or tests has no more rights than the actor', () => {
  const all = Object.keys(PRINCIPALS);
  it.each(TABLE)('%s: %s', async (_name, expected, verb) => expect(await outcomes(all, verb)).toBe(expected));
  it.each(IN_PERSON)('%s: %s', async (_name, expected, verb) =>
    expect(await outcomes(all.slice(0, 3), verb)).toBe(expected),
  );
});

describe('an executor', () => {
  it('is named by id or by name, whatever its case', async () => {
    const { name, id } = await insertUser(unique('Named'));
    const made = await create(admin, { executor: name.toUpperCase() });
    expect(made.executor).toBe(id);
    expect((await update(admin, made.id, { executor: people.ann })).executor).toBe(people.ann);
    expect((await update(admin, made.id, { executor: name })).executor).toBe(id);
    expect((await getEndpoint(admin, made.id)).executor).toBe(id);
  });

  it('is found by id before name where a name looks like an id', async () => {
    await insertUser(people.svc.toUpperCase().replace('USR_', 'usr_'));
    expect((await create(admin, { executor: people.svc })).executor).toBe(people.svc);
  });

  it('is named in a refusal, with the missing roles and a remedy', async () => {
    const refusal = await create(asToken(['developer'], null)).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: 'forbidden' });
    expect(String(refusal)).toMatch(
      /rights of boss-.* roles that this token does not have: admin\. .*PATCH \/admin\/tokens\/tok_1/,
    );
    expect(
      String(await create(asUser('ann', 'developer'), { executor: people.billing }).catch((error: unknown) => error)),
    ).toMatch(/roles that you do not have: billing\. Name an executor/);
  });
});
