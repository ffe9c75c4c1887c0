import { auditRow } from '../../audit/audit-row';
import type { Context } from '../../access/context';
import { ApiError, limitIssues } from '../../../kernel/errors';
import { keepAnswer } from '../../idempotency/keep-answer';
import { newId } from '../../../kernel/ids';
import { expectDone } from '../../access/revision';
import { authorize } from '../../access/permissions';
import { expectMayDeploy } from './expect-may-deploy';
import type { CreateHandlerInput, SavedHandler } from './handler.schema';
import { languageOf } from '../../code/artifact';
import { prepareSource } from './prepare-source';
import { toHandler } from './to-handler';

export const handlerTaken = (path: string, instead = ''): ApiError =>
  new ApiError('path_taken', `There is a handler at ${path} already${instead}.`);

/** A new handler at version 1, served at once unless `deploy` is false. 409 `path_taken`, 422 `invalid_source`. */
export async function createHandler(ctx: Context, input: CreateHandlerInput): Promise<SavedHandler> {
  const actor = authorize(ctx, 'handler.write');
  if (input.deploy) await expectMayDeploy(ctx, input.path);
  const language = languageOf(input.path)!;
  const { artifact, warnings } = await prepareSource(ctx, { language, path: input.path }, input.source);
  const now = ctx.now();
  const createdBy = actor.type === 'user' ? actor.id : actor.type;
  const row = {
    id: newId('hdl', now),
    path: input.path,
    language,
    defaultVersion: input.deploy ? 1 : null,
    latestVersion: 1,
    revision: 1,
    createdAt: now,
    updatedAt: now,
    createdBy,
  };
  const { handlers } = ctx.store;
  const version = {
    handlerId: row.id,
    version: 1,
    source: input.source,
    artifact,
    note: input.note,
    createdAt: now,
    createdBy,
  };
  const saved = { ...toHandler(row), warnings: limitIssues(warnings) };
  const result = await ctx.store.commit(
    handlers.insert(row),
    auditRow(ctx, 'handler.create', row.id, { path: row.path, deploy: input.deploy }),
    [handlers.insertVersion(version), ...keepAnswer(ctx, saved)],
  );
  expectDone(result, 0, handlerTaken(input.path, '; save a version of it instead'));
  return saved;
}
