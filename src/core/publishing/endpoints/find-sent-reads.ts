import type { HandlerRow } from '../../../storage/handlers';
import type { Context } from '../../access/context';
import { findReads, type Rename } from '../../workflow/rename/rename-parameter.rules';
import { linesWith, type SentRoot } from '../../workflow/rename/sent-reads.rules';
import type { EndpointRules } from './endpoint.schema';
import type { FoundEndpoint } from './get-endpoint';
import { nameFor, type RenamedParameter } from '../../parameters/parameter-name.rules';
import type { EndpointParameter } from '../../parameters/parameter.schema';
import type { Renamed } from './renamed.schema';

/** Maximum number of drafts that one rename rewrites; older ones keep the old name, as every existing version does. */
const MAX_DRAFTS = 10;

/** The root under which a workflow finds a parameter as sent. */
const SENT: Record<EndpointParameter['in'], SentRoot | null> = {
  body: 'body',
  query: 'query',
  header: 'headers',
  path: null,
};

/** A version of a handler, as one rename sees it. */
export interface SeenVersion {
  of: (rename: RenamedParameter) => Renamed['versions'];
}

export const parameterOf = ({ rules }: FoundEndpoint, { id }: RenamedParameter): EndpointParameter =>
  rules.parameters.find((parameter) => parameter.id === id)!;

/** Null where callers send it under a separate name, which a rename does not touch. */
export function sentRoot(before: FoundEndpoint, rename: RenamedParameter): SentRoot | null {
  const { in: place, sentAs } = parameterOf(before, rename);
  return sentAs === undefined ? SENT[place] : null;
}

/** The version that the endpoint serves; 0 for none. */
export const servedBy = ({ handlerVersion }: FoundEndpoint, { defaultVersion }: HandlerRow): number =>
  handlerVersion ?? defaultVersion ?? 0;

/** The oldest version that a rename rewrites: the first draft, or the latest version where there is none. */
export const firstDraft = ({ latestVersion }: HandlerRow, served: number): number =>
  Math.max(Math.min(served + 1, latestVersion), latestVersion - MAX_DRAFTS + 1);

/**
 * Lists the versions that stay unchanged and read the parameter as callers send it: the default version, where a draft takes the rename;
 * and of code, which is never rewritten, the drafts too.
 */
export async function readsOfServed(ctx: Context, handler: HandlerRow, before: FoundEndpoint): Promise<SeenVersion[]> {
  const served = servedBy(before, handler);
  const first = firstDraft(handler, served);
  const isWorkflow = handler.language === 'workflow';
  const drafts = isWorkflow ? [] : Array.from({ length: handler.latestVersion - first + 1 }, (_, i) => first + i);
  const versions = [...(served > 0 && served < first ? [served] : []), ...drafts];
  const rows = await Promise.all(versions.map((version) => ctx.store.handlers.version(handler.id, version)));
  return rows.flatMap((row): SeenVersion[] => {
    // A function that gets parameters by name gets the value under the name in its source.
    if (!row || row.artifact.form === 'named') return [];
    const { source, version } = row;
    return [
      {
        of: (rename) => {
          const from = nameFor(parameterOf(before, rename), handler.id, version);
          const root = sentRoot(before, rename);
          const unsure = isWorkflow
            ? findReads(source, from, rename.to, root)
            : findInCode(source, from, rename.to, root);
          return unsure.length === 0
            ? []
            : [{ handler: handler.path, from: version, version: null, changes: [], unsure }];
        },
      },
    ];
  });
}

/** Lists, for each attached middleware, the places of its default version that read a parameter as callers send it. */
export const readsOfMiddleware = (
  ctx: Context,
  before: FoundEndpoint,
  middleware: EndpointRules['middleware'],
): Promise<((rename: RenamedParameter) => Rename['unsure'])[]> =>
  Promise.all(
    middleware.map(async ({ handler: path }) => {
      const handler = await ctx.store.handlers.byPath(path);
      const version = handler?.defaultVersion ?? null;
      const row = handler && version !== null ? await ctx.store.handlers.version(handler.id, version) : undefined;
      return (rename) => (row ? findReads(row.source, rename.from, rename.to, sentRoot(before, rename)) : []);
    }),
  );

const findInCode = (source: string, from: string, to: string, root: SentRoot | null): Rename['unsure'] =>
  (root === null ? [] : linesWith(source, { root, name: from })).map((line) => ({
    pointer: '',
    message: `line ${line} contains ${from}, but the request is as sent, and callers may send ${to} instead`,
  }));
