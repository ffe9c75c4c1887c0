import { change } from '../../change/change';
import { actorLabel } from '../../access/permissions';
import { ApiError, limitIssues } from '../../../kernel/errors';
import { newId } from '../../../kernel/ids';
import { verb } from '../../access/verb';
import { assertMayDeploy } from './assert-may-deploy';
import type { CreateHandlerInput, SavedHandler } from './handler.schema';
import { languageOf } from '../../code/artifact';
import { prepareSource } from './prepare-source';
import { toHandler } from './get-handler';

export const handlerTaken = (path: string, instead = ''): ApiError =>
  new ApiError('path_taken', `A handler already exists at ${path}${instead}.`);

/** Creates a handler at version 1, deployed at once unless `deploy` is false. Throws 409 `path_taken`, 422 `invalid_source`. */
export const createHandler = verb('handler.write', async (ctx, input: CreateHandlerInput): Promise<SavedHandler> => {
  if (input.deploy) await assertMayDeploy(ctx, input.path);
  const language = languageOf(input.path)!;
  const { artifact, warnings } = await prepareSource(ctx, { language, path: input.path }, input.source);
  const now = ctx.now();
  const createdBy = actorLabel(ctx.actor);
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
  await change(ctx, {
    action: 'handler.create',
    id: row.id,
    changes: { path: row.path, deploy: input.deploy },
    write: handlers.insert(row),
    also: [handlers.insertVersion(version)],
    answer: saved,
    taken: handlerTaken(input.path, '; save a version of it instead'),
  });
  return saved;
});
