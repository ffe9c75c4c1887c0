import type { HandlerRow, HandlerVersionRow } from '../../../storage/handlers';
import type { Context } from '../../access/context';
import { can } from '../../access/permissions';
import { notFound } from '../../../kernel/errors';
import { readCursor, toPage, type Page } from '../../../kernel/page';
import { verb } from '../../access/verb';
import type { Handler, HandlerVersion, HandlerVersionWithSource, ListHandlersQuery } from './handler.schema';
import { toIso } from '../../../kernel/clock';

export const toHandler = (row: HandlerRow): Handler => ({
  ...row,
  createdAt: toIso(row.createdAt),
  updatedAt: toIso(row.updatedAt),
});

/** An entry of a handler's history. */
export const toVersion = (row: HandlerVersionRow, defaultVersion: number | null): HandlerVersion => ({
  version: row.version,
  form: row.form === 'named' ? 'named' : 'request',
  note: row.note,
  isDefault: row.version === defaultVersion,
  createdAt: toIso(row.createdAt),
  createdBy: row.createdBy,
});

/** Returns entries with the present names of who saved them, where the actor may see people. */
async function withNames<V extends HandlerVersion>({ actor, store }: Context, versions: readonly V[]): Promise<V[]> {
  if (!can(actor, 'user.read')) return [...versions];
  const names = await store.users.namesOf([...new Set(versions.map(({ createdBy }) => createdBy))]);
  return versions.map((one) => {
    const createdByName = names.get(one.createdBy);
    return { ...one, ...(createdByName !== undefined && { createdByName }) };
  });
}

/** Returns the stored handler, for verbs. Throws 404. */
export async function findHandler(ctx: Context, id: string): Promise<HandlerRow> {
  const row = await ctx.store.handlers.get(id);
  if (!row) throw notFound('handler');
  return row;
}

export const getHandler = verb('handler.read', async (ctx, id: string): Promise<Handler> =>
  toHandler(await findHandler(ctx, id)),
);

/** Lists handlers, newest first; `path` is exact, `prefix` the start of a path. */
export const listHandlers = verb('handler.read', async (ctx, query: ListHandlersQuery): Promise<Page<Handler>> => {
  const { limit, cursor, ...filter } = query;
  const rows = await ctx.store.handlers.list(filter, readCursor(cursor), limit + 1);
  return toPage(rows, limit, ({ createdAt, id }) => ({ at: createdAt, id }), toHandler);
});

/** Lists the versions of a handler, newest first, without their sources. */
export const listVersions = verb(
  'handler.read',
  async (ctx, id: string, query: { limit: number; cursor?: string | undefined }): Promise<Page<HandlerVersion>> => {
    const handler = await findHandler(ctx, id);
    const below = readCursor(query.cursor)?.at ?? Number.MAX_SAFE_INTEGER;
    const rows = await ctx.store.handlers.versions(id, below, query.limit + 1);
    const page = toPage(
      rows,
      query.limit,
      ({ version }) => ({ at: version, id }),
      (row) => toVersion(row, handler.defaultVersion),
    );
    return { ...page, items: await withNames(ctx, page.items) };
  },
);

/** Returns one version with its source, and all of its files where it has many. `latest`: the one with the highest number. */
export const getVersion = verb(
  'handler.read',
  async (ctx, id: string, wanted: number | 'latest'): Promise<HandlerVersionWithSource> => {
    const handler = await findHandler(ctx, id);
    const version = wanted === 'latest' ? handler.latestVersion : wanted;
    const row = await ctx.store.handlers.version(id, version);
    if (!row) throw notFound('version');
    const [contents, [named]] = await Promise.all([
      row.files && ctx.store.handlerFiles.get(id, version),
      withNames(ctx, [toVersion({ ...row, form: row.artifact.form }, handler.defaultVersion)]),
    ]);
    return {
      ...named!,
      source: row.source,
      files: contents && Object.entries(contents.texts).map(([path, source]) => ({ path, source })),
      packages: (row.files?.packages ?? []).map(({ name, version: of }) => ({ name, version: of })),
    };
  },
);
