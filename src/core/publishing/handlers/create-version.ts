import { change } from '../../change/change';
import { actorLabel } from '../../access/permissions';
import { limitIssues } from '../../../kernel/errors';
import { endpointsAround } from '../endpoints/endpoints-around';
import { unlistedAround } from '../endpoints/unlisted.rules';
import { checkRevision, type IfMatch } from '../../access/revision';
import { verb } from '../../access/verb';
import { checkInEndpoints, type PlacedIssues } from '../workflows/check-in-endpoints';
import { invalidWorkflow } from '../../workflow/compile/prepare-workflow';
import { warnAt } from '../../uses/absent';
import { assertMayDeploy } from './assert-may-deploy';
import { findHandler, toVersion } from './get-handler';
import type { CreateVersionInput, SavedVersion } from './handler.schema';
import { contentsOf, prepareVersion } from './prepare-version';
import type { BuiltFiles } from './source-files.schema';

/** `built`: the version has many files, and `source` is the entry. */
type NewVersion = CreateVersionInput & { built?: BuiltFiles | undefined };

const NOTHING: PlacedIssues = { errors: [], warnings: [] };

/**
 * Saves the next version and, unless `deploy` is false, deploys it. Earlier versions do not change. Throws 422 `invalid_source`, and 403
 * when the actor may not deploy it (assert-may-deploy.ts).
 */
export const createVersion = verb(
  'handler.write',
  async (ctx, id: string, input: NewVersion, ifMatch: IfMatch): Promise<SavedVersion> => {
    const handler = await findHandler(ctx, id);
    checkRevision(ifMatch, handler.revision);
    if (input.deploy) await assertMayDeploy(ctx, handler.path);
    const version = handler.latestVersion + 1;
    const { artifact, warnings, mentions, packed } = await prepareVersion(ctx, handler, input);
    const endpoints = await endpointsAround(ctx, handler.path);
    const around = artifact.workflow ? checkInEndpoints(handler, input.source, version, endpoints) : NOTHING;
    const unlisted = unlistedAround(mentions, endpoints);
    // A version that is not deployed yet may wait for its endpoints to change.
    if (input.deploy && around.errors.length > 0) throw invalidWorkflow(around.errors);
    const now = ctx.now();
    const defaultVersion = input.deploy ? version : handler.defaultVersion;
    const row = {
      handlerId: id,
      version,
      source: input.source,
      artifact,
      note: input.note,
      createdAt: now,
      createdBy: actorLabel(ctx.actor),
      files: input.built?.document ?? null,
    };
    const { handlers } = ctx.store;
    const saved = {
      ...toVersion({ ...row, form: artifact.form }, defaultVersion),
      warnings: limitIssues([
        ...warnings,
        ...around.errors,
        ...around.warnings,
        ...unlisted.map(({ mention, message }) => warnAt(mention, 'not_listed', message)),
      ]),
    };
    await change(ctx, {
      action: 'handler.save',
      id,
      changes: { version, deploy: input.deploy, note: input.note },
      write: handlers.update(id, handler.revision, { latestVersion: version, defaultVersion, updatedAt: now }),
      revision: handler.revision,
      also: [handlers.insertVersion(row), ...contentsOf(ctx, id, version, packed)],
      answer: saved,
    });
    return saved;
  },
);
