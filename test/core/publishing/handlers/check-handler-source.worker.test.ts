import { expect, test } from 'vitest';
import { checkHandlerSource } from '../../../../src/core/publishing/handlers/check-handler-source';
import { deleteDraft, getDraft, listDrafts, putDraft } from '../../../../src/core/publishing/drafts/drafts';
import { MAX_DRAFTS, PutDraftInput } from '../../../../src/core/publishing/drafts/draft.schema';
import { CheckSourceInput } from '../../../../src/core/publishing/handlers/handler.schema';
import { codeOf } from '../../../support/code-of';
import { actorWith, testContext } from '../../../support/context';
import { copyRow } from '../../../support/copy-row';
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

test('drafts are of their user alone, and no device overwrites what another has kept', async () => {
  const at = { kind: 'handler', id: 'hdl_x' } as const;
  const keep = (ctx: ReturnType<typeof testContext>, text: string, follows: number, id = at.id as string) =>
    putDraft(ctx, { ...at, id }, PutDraftInput.parse({ text, baseVersion: 3, follows }));
  const [ada, bo] = [named(unique('usr')), named(unique('usr'))];
  expect(await keep(ada, 'a', 0)).toMatchObject({ ...at, revision: 1, baseVersion: 3 });
  expect(await keep(ada, 'b', 1)).toMatchObject({ revision: 2 });
  expect([await codeOf(keep(ada, 'stale', 1)), await codeOf(keep(ada, 'second first', 0))]).toEqual([
    'stale_revision',
    'stale_revision',
  ]);
  expect((await getDraft(ada, at)).text).toBe('b');
  expect([await codeOf(getDraft(bo, at)), (await listDrafts(bo)).items]).toEqual(['not_found', []]);
  expect((await listDrafts(ada)).items).toEqual([expect.not.objectContaining({ text: 'b' })]);
  await copyRow('drafts', 'object_id', at.id, MAX_DRAFTS - 1);
  expect(await codeOf(keep(ada, '', 0, 'hdl_more'))).toBe('in_use');
  await deleteDraft(ada, at);
  await deleteDraft(ada, at);
  expect(await codeOf(keep(ada, 'from a tab that slept', 2))).toBe('stale_revision');
  expect(PutDraftInput.safeParse({ text: 'ä'.repeat(524_289), baseVersion: 0, follows: 0 }).success).toBe(false);
  await expect(listDrafts(testContext({ kind: 'anonymous', credential: 'none' }))).rejects.toMatchObject({
    code: 'auth_required',
  });
});
