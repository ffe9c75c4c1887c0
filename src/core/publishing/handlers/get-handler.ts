import type { HandlerRow } from '../../../storage/handlers';
import type { Context } from '../../access/context';
import { notFound } from '../../../kernel/errors';
import { readCursor, toPage, type Page } from '../../../kernel/page';
import { authorize } from '../../access/permissions';
import type { Handler, HandlerVersion, HandlerVersionWithSource, ListHandlersQuery } from './handler.schema';
import { toHandler, toVersion } from './to-handler';

/** The stored handler, for verbs; 404 when there is none. */
export async function findHandler(ctx: Context, id: string): Promise<HandlerRow> {
  return (await ctx.store.handlers.get(id)) ?? Promise.reject(notFound('handler'));
}

export async function getHandler(ctx: Context, id: string): Promise<Handler> {
  authorize(ctx, 'handler.read');
  return toHandler(await findHandler(ctx, id));
}

/** Handlers, newest first; `path` is exact, `prefix` the start of a path. */
export async function listHandlers(ctx: Context, query: ListHandlersQuery): Promise<Page<Handler>> {
  authorize(ctx, 'handler.read');
  const { limit, cursor, ...filter } = query;
  const rows = await ctx.store.handlers.list(filter, readCursor(cursor), limit + 1);
  return toPage(rows, limit, ({ createdAt, id }) => ({ at: createdAt, id }), toHandler);
}

/** The versions of a handler, newest first, without their sources. */
export async function listVersions(
  ctx: Context,
  id: string,
  query: { limit: number; cursor?: string | undefined },
): Promise<Page<HandlerVersion>> {
  authorize(ctx, 'handler.read');
  const handler = await findHandler(ctx, id);
  const below = readCursor(query.cursor)?.at ?? Number.MAX_SAFE_INTEGER;
  const rows = await ctx.store.handlers.versions(id, below, query.limit + 1);
  return toPage(
    rows,
    query.limit,
    ({ version }) => ({ at: version, id }),
    (row) => toVersion(row, handler.defaultVersion),
  );
}

/** One version with its source. */
export async function getVersion(ctx: Context, id: string, version: number): Promise<HandlerVersionWithSource> {
  authorize(ctx, 'handler.read');
  const handler = await findHandler(ctx, id);
  const row = await ctx.store.handlers.version(id, version);
  if (!row) throw notFound('version');
  return { ...toVersion({ ...row, form: row.artifact.form }, handler.defaultVersion), source: row.source };
}
