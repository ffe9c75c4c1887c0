import type { Write } from '../../../storage/commit';
import type { HandlerRow } from '../../../storage/handlers';
import type { Context } from '../../access/context';
import { actorLabel } from '../../access/permissions';
import { prepareWorkflow } from '../../workflow/compile/prepare-workflow';
import { renameAllInSource, type NameChange } from '../../workflow/rename/rename-all.rules';
import { renameParameter, type Rename } from '../../workflow/rename/rename-parameter.rules';
import { firstDraft, parameterOf, sentRoot, servedBy, type SeenVersion } from './find-sent-reads';
import type { FoundEndpoint } from './get-endpoint';
import { nameFor, type RenamedParameter } from '../../parameters/parameter-name.rules';

/** Copies the drafts of a workflow with the new names, as new versions; without drafts, the default version. */
export async function rewriteDrafts(
  ctx: Context,
  handler: HandlerRow,
  before: FoundEndpoint,
  renames: readonly RenamedParameter[],
): Promise<{ versions: SeenVersion[]; writes: Write[] }> {
  if (handler.language !== 'workflow') return { versions: [], writes: [] };
  const served = servedBy(before, handler);
  const first = firstDraft(handler, served);
  const versions: SeenVersion[] = [];
  const writes: Write[] = [];
  let next = handler.latestVersion;
  for (let version = first; version <= handler.latestVersion; version++) {
    const row = await ctx.store.handlers.version(handler.id, version);
    if (!row) continue;
    const changeOf = (rename: RenamedParameter): NameChange => ({
      from: nameFor(parameterOf(before, rename), handler.id, version),
      to: rename.to,
    });
    const placesOf = (rename: RenamedParameter): Pick<Rename, 'changes' | 'unsure'> => {
      const { from, to } = changeOf(rename);
      const { changes, unsure } = renameParameter(row.source, from, to, sentRoot(before, rename));
      return { changes, unsure };
    };
    const source = renameAllInSource(row.source, renames.map(changeOf));
    if (source === row.source) {
      versions.push({
        of: (rename) => {
          const places = placesOf(rename);
          return places.unsure.length === 0 ? [] : [{ handler: handler.path, from: version, version: null, ...places }];
        },
      });
      continue;
    }
    next += 1;
    const made = next;
    const { artifact } = await prepareWorkflow(ctx, handler.path, source);
    const note = `version ${version}, with ${renames.map((rename) => `${changeOf(rename).from} as ${rename.to}`).join(', ')}`;
    const created = { createdAt: ctx.now(), createdBy: actorLabel(ctx.actor) };
    writes.push(
      ctx.store.handlers.insertVersion({ handlerId: handler.id, version: made, source, artifact, note, ...created }),
    );
    versions.push({
      of: (rename) => [{ handler: handler.path, from: version, version: made, ...placesOf(rename) }],
    });
  }
  if (next > handler.latestVersion) writes.push(ctx.store.handlers.setLatest(handler.id, next, ctx.now()));
  return { versions, writes };
}
