import { expect, test } from 'vitest';
import { checkHandlerSource } from '../../../../src/core/publishing/handlers/check-handler-source';
import { CheckSourceInput } from '../../../../src/core/publishing/handlers/handler.schema';
import { actorWith, testContext } from '../../../support/context';
import { unique } from '../../../support/publish';

const named = (name: string) => testContext({ ...actorWith('developer'), id: name } as ReturnType<typeof actorWith>);
const check = (path: string, source: string, ctx = named(unique('usr'))) =>
  checkHandlerSource(ctx, CheckSourceInput.parse({ path, source }));

test('a source that would be saved has no errors, and nothing is saved', async () => {
  const path = `${unique('checked')}.ts`;
  const source = 'export default ({ n }: { n: number }) => fetch(`https://example.com/${n}`)';
  expect(await check(path, source)).toMatchObject({ errors: [] });
  expect((await testContext().store.handlers.list({ path }, null, 2)).length).toBe(0);
});

test('errors have their lines and columns, in code and in a workflow', async () => {
  expect(await check('a.ts', 'export default () => 1;\nconst = 2;')).toMatchObject({
    errors: [{ line: 2, code: expect.any(String) }],
  });
  const { errors } = await check('a.workflow.json', '{"kind":"workflow","steps":[{"id":"a","action":"no-such"}]}');
  expect(errors.length).toBeGreaterThan(0);
});

test('a user may check ten times a second', async () => {
  const ctx = named(unique('busy'));
  const checks = await Promise.allSettled(
    Array.from({ length: 25 }, () => check('a.js', 'export default () => 1', ctx)),
  );
  const refused = checks.filter((one) => one.status === 'rejected');
  expect(refused.length).toBeGreaterThanOrEqual(1);
  expect(refused[0]!.reason).toMatchObject({ code: 'rate_limited' });
});

test('an operator may not check', async () => {
  await expect(check('a.js', 'export default () => 1', testContext(actorWith('operator')))).rejects.toMatchObject({
    code: 'forbidden',
  });
});
