import type { Write } from '../../../storage/commit';
import type { HandlerRow } from '../../../storage/handlers';
import type { Context } from '../../access/context';
import { renameAllInValues } from '../../workflow/rename/rename-all.rules';
import { renameInValues } from '../../workflow/rename/rename-parameter.rules';
import type { EndpointRules } from './endpoint.schema';
import type { FoundEndpoint } from './get-endpoint';
import { readsOfMiddleware, readsOfServed, sentRoot } from './find-sent-reads';
import { findRenames, withAliases, type RenamedParameter } from '../../parameters/parameter-name.rules';
import type { Renamed } from './renamed.schema';
import { rewriteDrafts } from './rewrite-drafts';

/** Other endpoints of the handler that a note names. */
const MAX_OTHERS = 20;

export interface RenamePlan {
  rules: EndpointRules;
  /** New versions of the handler, for the batch of the endpoint's own write. */
  writes: Write[];
  renamed: Renamed[];
}

/**
 * Plans the effects of renamed parameters (docs/decisions/0007-parameter-rename.md). Versions never change, so every existing version keeps
 * the old name, and each draft is rewritten as a new version; without drafts, the default version is. The values that the endpoint gives to
 * its middleware change in place.
 */
export async function planRenames(
  ctx: Context,
  before: FoundEndpoint,
  rules: EndpointRules,
  drafts: 'rewrite' | 'keep',
): Promise<RenamePlan> {
  const found = findRenames(before.rules.parameters, rules.parameters);
  const handler = found.length === 0 ? undefined : await ctx.store.handlers.get(before.handlerId);
  if (handler === undefined || drafts === 'keep') {
    const latest = handler?.latestVersion ?? 0;
    const parameters = withAliases(rules.parameters, before.rules.parameters, { id: before.handlerId, latest });
    return { rules: { ...rules, parameters }, writes: [], renamed: [] };
  }
  const parameters = withAliases(rules.parameters, before.rules.parameters, {
    id: handler.id,
    latest: handler.latestVersion,
  });
  const middleware = rules.middleware.map((attachment) => ({
    ...attachment,
    with: renameAllInValues(attachment.with, found),
  }));
  const served = await readsOfServed(ctx, handler, before);
  const { versions, writes } = await rewriteDrafts(ctx, handler, before, found);
  const attached = await readsOfMiddleware(ctx, before, rules.middleware);
  const linked = await ctx.store.uses.list({ noun: 'handler', id: handler.id, path: handler.path }, MAX_OTHERS, false);
  const others = [...new Set(linked.filter(({ id }) => id !== before.id).map(({ name }) => name))];
  return {
    rules: { ...rules, parameters, middleware },
    writes,
    renamed: found.map((rename) => ({
      ...rename,
      versions: [...served, ...versions].flatMap((version) => version.of(rename)),
      middleware: rules.middleware.flatMap(({ handler: path, with: values }, index) => {
        const given = renameInValues(values, rename.from, rename.to, sentRoot(before, rename));
        const { changes } = given;
        const unsure = [...given.unsure, ...attached[index]!(rename)];
        return changes.length + unsure.length === 0 ? [] : [{ index, handler: path, changes, unsure }];
      }),
      notes: notesOf(handler, others, rename),
    })),
  };
}

function notesOf(
  { language, path, latestVersion }: HandlerRow,
  others: string[],
  { from, to }: RenamedParameter,
): string[] {
  const known = `versions up to ${latestVersion} of ${path} keep ${from}; later ones get ${to}`;
  return [
    language === 'workflow' ? known : `${known}: change the source before you save it again`,
    `callers may still send ${from}`,
    ...(others.length === 0 ? [] : [`${path} serves ${others.join(', ')} too, whose parameters keep their names`]),
  ];
}
