import type { Write } from '../../storage/commit';
import type { EndpointRow } from '../../storage/endpoints';
import type { HandlerRow } from '../../storage/handlers';
import type { Context } from '../context';
import { prepareWorkflow } from '../workflow/prepare-workflow';
import { renameAllInSource, renameAllInValues, type NameChange } from '../workflow/rename-all.rules';
import { renameInValues, renameParameter, type Rename, type SentRoot } from '../workflow/rename-parameter.rules';
import type { EndpointRules } from './endpoint.schema';
import { findRenames, nameFor, withAliases, type RenamedParameter } from './parameter-name.rules';
import type { Parameter } from './parameter.schema';
import type { Renamed } from './renamed.schema';

/** Drafts that one rename rewrites; older ones go on under the old name like every version that is there. */
const MOST_DRAFTS = 10;
/** Other endpoints of the handler that a note names. */
const MOST_OTHERS = 20;

/** The root at which a workflow finds a parameter as it was sent. */
const SENT: Record<Parameter['in'], SentRoot | null> = { body: 'body', query: 'query', header: 'headers', path: null };

export interface RenamePlan {
  rules: EndpointRules;
  /** New versions of the handler, for the batch of the endpoint's own write. */
  writes: Write[];
  renamed: Renamed[];
}

/**
 * Follows renamed parameters into what uses them (docs/decisions/0007-parameter-rename.md). Versions never change, so every version
 * that is there goes on under the old name, and each draft is rewritten as a new version; without drafts, the one that is served is.
 * What the endpoint gives to its middleware is its own, and changes in place.
 */
export async function planRenames(ctx: Context, before: EndpointRow, rules: EndpointRules): Promise<RenamePlan> {
  const found = findRenames(before.rules.parameters, rules.parameters);
  const handler = found.length === 0 ? undefined : await ctx.store.handlers.get(before.handlerId);
  if (handler === undefined) {
    const parameters = withAliases(rules.parameters, before.rules.parameters, { id: before.handlerId, latest: 0 });
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
  const { versions, writes } = await rewriteDrafts(ctx, handler, before, found);
  const linked = await ctx.store.uses.list({ noun: 'handler', id: handler.id, path: handler.path }, MOST_OTHERS, false);
  const others = [...new Set(linked.map(({ name }) => name))].filter((path) => path !== before.path);
  return {
    rules: { ...rules, parameters, middleware },
    writes,
    renamed: found.map((rename) => ({
      ...rename,
      versions: versions.flatMap((version) => version.of(rename)),
      middleware: rules.middleware.flatMap(({ handler: path, with: values }, index) => {
        const { changes, unsure } = renameInValues(values, rename.from, rename.to, sentRoot(before, rename));
        return changes.length + unsure.length === 0 ? [] : [{ index, handler: path, changes, unsure }];
      }),
      notes: notesOf(handler, others, rename),
    })),
  };
}

const parameterOf = ({ rules }: EndpointRow, { id }: RenamedParameter): Parameter =>
  rules.parameters.find((parameter) => parameter.id === id)!;

const sentRoot = (before: EndpointRow, rename: RenamedParameter): SentRoot | null =>
  SENT[parameterOf(before, rename).in];

interface Rewritten {
  of: (rename: RenamedParameter) => Renamed['versions'];
}

async function rewriteDrafts(
  ctx: Context,
  handler: HandlerRow,
  before: EndpointRow,
  renames: readonly RenamedParameter[],
): Promise<{ versions: Rewritten[]; writes: Write[] }> {
  if (handler.language !== 'workflow') return { versions: [], writes: [] };
  const served = before.handlerVersion ?? handler.defaultVersion ?? 0;
  const first = Math.max(Math.min(served + 1, handler.latestVersion), handler.latestVersion - MOST_DRAFTS + 1);
  const versions: Rewritten[] = [];
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
    const created = { createdAt: ctx.now(), createdBy: ctx.actor.type === 'user' ? ctx.actor.id : ctx.actor.type };
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

function notesOf(
  { language, path, latestVersion }: HandlerRow,
  others: string[],
  { from, to }: RenamedParameter,
): string[] {
  const known = `versions up to ${latestVersion} of ${path} go on with ${from}; later ones get ${to}`;
  return [
    language === 'workflow' ? known : `${known}: change the source before you save it again`,
    `callers may still send ${from}`,
    ...(others.length === 0 ? [] : [`${path} serves ${others.join(', ')} too, where nothing was renamed`]),
  ];
}
