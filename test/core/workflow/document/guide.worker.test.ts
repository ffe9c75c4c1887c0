import { expect, test } from 'vitest';
import guide from '../../../../docs/workflows.md?raw';
import { ACTIONS } from '../../../../src/core/workflow/actions/action-list';
import { checkWorkflow } from '../../../../src/core/workflow/check/check.rules';
import { FORBIDDEN_MEMBERS, FUNCTIONS, ROOTS } from '../../../../src/core/workflow/language/reach.rules';
import { runWorkflow } from '../support/isolate';

/** The JSON blocks of a worked example: the workflow first. */
function example(name: string): object[] {
  const text = guide.slice(guide.indexOf(`<!-- example: ${name} -->`)).split('\n### ')[0] ?? '';
  return [...text.matchAll(/```json\n([\s\S]*?)```/g)].map((match) => JSON.parse(match[1] ?? '') as object);
}

const world = (hookStatus: number): string => `(() => {
  const rows = [];
  const members = [{ project: 'p1', user: 'usr_1', role: 'editor' }];
  return {
    tables: {
      insert: async (table, values) => { const row = { id: String(rows.length + 1), ...values }; rows.push(row); return row; },
      update: async (table, id, values) => { events.push(JSON.stringify(values)); return { id, ...values }; },
      find: async (table, { where }) => members.filter((row) => where.every(({ field, value }) => row[field] === value)),
    },
    fetch: async (url, init) => { events.push(init.method + ' ' + url + ' ' + init.headers.get('authorization')); return new Response('', { status: ${hookStatus} }); },
  };
})()`;

test('the quote of the guide answers as the guide shows', async () => {
  const [workflow, params, body] = example('quote');
  expect((await runWorkflow(workflow!, { ctx: { params: params as Record<string, unknown> } })).answer).toEqual({
    status: 200,
    headers: {},
    body,
  });
  const refused = await runWorkflow(workflow!, { ctx: { params: { size: 'huge', quantity: 1 } } });
  expect(refused.answer).toMatchObject({
    status: 400,
    body: { detail: 'unknown size huge', code: 'workflow_refused' },
  });
});

test('the order of the guide answers as the guide shows', async () => {
  const [workflow, params, body] = example('order');
  const options = { ctx: { params: params as Record<string, unknown>, env: { HOOK_TOKEN: 'hook-token' } } };
  const told = await runWorkflow(workflow!, { ...options, world: world(200) });
  expect(told.answer).toEqual({ status: 201, headers: { 'x-order': '1' }, body });
  expect(told.events).toEqual(['answered', 'POST https://hooks.example.com/orders/1 Bearer hook-token']);
  const untold = await runWorkflow(workflow!, { ...options, world: world(400) });
  expect(untold.events.at(-1)).toBe('{"status":"not announced"}');
  expect([untold.late, untold.logs]).toEqual([[], [['warn', 'order 1: POST https://hooks.example.com answered 400']]]);
});

test('the middleware of the guide passes and refuses as the guide shows', async () => {
  const [middleware, passed] = example('member');
  const attached = { with: { project: { $: 'params.project' } }, world: world(200) };
  const as = (id: string) =>
    runWorkflow(middleware!, { ...attached, ctx: { params: { project: 'p1' }, caller: { kind: 'user', id } } });
  expect((await as('usr_1')).answer).toEqual(passed);
  expect((await as('usr_2')).answer).toMatchObject({
    outcome: 'refuse',
    status: 403,
    body: { detail: 'You do not have access to this.' },
  });
});

test('the examples have no warnings', () => {
  for (const name of ['quote', 'order', 'member']) {
    const { errors, warnings } = checkWorkflow(JSON.stringify(example(name)[0]));
    expect([errors, warnings], name).toEqual([[], []]);
  }
});

test('names every action, root, function and closed member', () => {
  for (const { name } of ACTIONS) expect(guide).toContain(`\`${name}\``);
  for (const root of ROOTS) expect(guide).toContain(`| \`${root}\` |`);
  for (const name of FUNCTIONS) expect(guide).toContain(`\`${name}\``);
  for (const name of FORBIDDEN_MEMBERS) if (!/__(define|lookup)/.test(name)) expect(guide).toContain(`\`${name}\``);
});
