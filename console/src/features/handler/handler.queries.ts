import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { call, type Answer } from '../../api/call';
import { queryClient } from '../../api/query-client';
import { lineEndOf, toLineFeeds } from '../../editor/line-ends.rules';

export type Handler = Answer<'GET /admin/handlers/:id'>;
export type Version = Answer<'GET /admin/handlers/:id/versions'>['items'][number];
/** A version with its sources as editors hold them, and what ends the lines of the one that is saved. */
export type VersionWithSource = ReturnType<typeof toEdited>;
export type HandlerTypes = Answer<'GET /admin/handlers/:id/types'>;

const toEdited = (version: Answer<'GET /admin/handlers/:id/versions/:version'>) => ({
  ...version,
  source: toLineFeeds(version.source),
  files: version.files?.map((file) => ({ ...file, source: toLineFeeds(file.source) })) ?? null,
  lineEnd: lineEndOf(version.source),
});

/** Queries of handlers. */
export const handlerQueries = {
  all: ['handlers'] as const,
  /** Content of a folder such as `pricing/`; empty: of the root. */
  tree: (under: string) =>
    infiniteQueryOptions({
      queryKey: ['handlers', 'tree', under],
      queryFn: ({ pageParam, signal }) => {
        const query = { under: under || undefined, cursor: pageParam, limit: 100 };
        return call('GET /admin/handlers/tree', { query, signal });
      },
      initialPageParam: undefined as string | undefined,
      getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    }),
  list: (prefix: string) =>
    infiniteQueryOptions({
      queryKey: ['handlers', 'list', prefix],
      queryFn: ({ pageParam, signal }) => call('GET /admin/handlers', { query: { prefix, cursor: pageParam }, signal }),
      initialPageParam: undefined as string | undefined,
      getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
      placeholderData: keepPreviousData,
    }),
  one: (id: string) =>
    queryOptions({
      queryKey: ['handlers', 'one', id],
      queryFn: ({ signal }) => call('GET /admin/handlers/:id', { params: { id }, signal }),
    }),
  byPath: (path: string) =>
    queryOptions({
      queryKey: ['handlers', 'at', path],
      queryFn: async ({ signal }) => (await call('GET /admin/handlers', { query: { path }, signal })).items[0] ?? null,
    }),
  versions: (id: string) =>
    infiniteQueryOptions({
      queryKey: ['handlers', 'versions', id],
      queryFn: ({ pageParam, signal }) =>
        call('GET /admin/handlers/:id/versions', { params: { id }, query: { cursor: pageParam }, signal }),
      initialPageParam: undefined as string | undefined,
      getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    }),
  /** A version never changes. */
  version: (id: string, version: number) =>
    queryOptions({
      queryKey: ['handlers', 'version', id, version],
      queryFn: async ({ signal }) =>
        toEdited(await call('GET /admin/handlers/:id/versions/:version', { params: { id, version }, signal })),
      staleTime: Infinity,
    }),
  /** The newest version, whichever it is. */
  latest: (id: string) =>
    queryOptions({
      queryKey: ['handlers', 'latest', id],
      queryFn: async ({ signal }) => {
        const params = { id, version: 'latest' as const };
        const latest = toEdited(await call('GET /admin/handlers/:id/versions/:version', { params, signal }));
        queryClient.setQueryData(handlerQueries.version(id, latest.version).queryKey, latest);
        return latest;
      },
    }),
  types: (id: string) =>
    queryOptions({
      queryKey: ['handlers', 'types', id],
      queryFn: ({ signal }) => call('GET /admin/handlers/:id/types', { params: { id }, signal }),
    }),
  uses: (id: string) =>
    queryOptions({
      queryKey: ['handlers', 'uses', id],
      queryFn: ({ signal }) => call('GET /admin/handlers/:id/uses', { params: { id }, signal }),
    }),
};
