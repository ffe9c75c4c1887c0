import { change } from '../../change/change';
import { actorLabel } from '../../access/permissions';
import { ApiError, limitIssues } from '../../../kernel/errors';
import { newId } from '../../../kernel/ids';
import { verb } from '../../access/verb';
import { assertMayDeploy } from './assert-may-deploy';
import type { CreateHandlerInput, SavedHandler } from './handler.schema';
import type { BuiltFiles } from './source-files.schema';
import { languageOf } from '../../code/artifact';
import { contentsOf, prepareVersion } from './prepare-version';
import { toHandler } from './get-handler';

export const handlerTaken = (path: string, instead = ''): ApiError =>
  new ApiError('path_taken', `A handler already exists at ${path}${instead}.`);

/** `built`: the handler has many files, and `source` is the entry. */
type NewHandler = CreateHandlerInput & { built?: BuiltFiles | undefined };

/** Creates a handler at version 1, deployed at once unless `deploy` is false. Throws 409 `path_taken`, 422 `invalid_source`. */
export const createHandler = verb('handler.write', async (ctx, input: NewHandler): Promise<SavedHandler> => {
  if (input.deploy) await assertMayDeploy(ctx, input.path);
  const language = languageOf(input.path)!;
  const { artifact, warnings, packed } = await prepareVersion(ctx, { language, path: input.path }, input);
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
    files: input.built?.document ?? null,
  };
  const saved = { ...toHandler(row), warnings: limitIssues(warnings) };
  await change(ctx, {
    action: 'handler.create',
    id: row.id,
    changes: { path: row.path, deploy: input.deploy },
    write: handlers.insert(row),
    also: [handlers.insertVersion(version), ...contentsOf(ctx, row.id, 1, packed)],
    answer: saved,
    taken: handlerTaken(input.path, '; save a version of it instead'),
  });
  return saved;
});
