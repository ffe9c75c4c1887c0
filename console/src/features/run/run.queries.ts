import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { call, type Answer } from '../../api/call';
import { PAGE_ROWS } from './run-list.rules';
import { toListQuery, toStatsQuery, type RunFilter } from './run-filter.rules';

export type Run = Answer<'GET /admin/runs/:id'>;
export type RunPage = Answer<'GET /admin/runs'>;
export type RunSummary = RunPage['items'][number];

const DAY_MS = 24 * 60 * 60 * 1000;

interface Next {
  cursor: string | undefined;
  limit: number;
}

/** Queries of runs. */
export const runQueries = {
  all: ['runs'] as const,
  /**
   * One page of the history, from a cursor on. A search answers in parts: the parts of a page are read one after the other, until the page
   * is full or the user has seen enough.
   */
  page: (filter: RunFilter, cursor: string | undefined) =>
    infiniteQueryOptions({
      queryKey: ['runs', 'page', filter, cursor],
      queryFn: ({ pageParam, signal }) =>
        call('GET /admin/runs', { query: { ...toListQuery(filter, Date.now()), ...pageParam }, signal }),
      initialPageParam: { cursor, limit: PAGE_ROWS } as Next,
      getNextPageParam: ({ nextCursor }, parts): Next | null => {
        const limit = PAGE_ROWS - parts.reduce((rows, { items }) => rows + items.length, 0);
        return nextCursor === null || limit <= 0 ? null : { cursor: nextCursor, limit };
      },
      placeholderData: keepPreviousData,
    }),
  views: queryOptions({
    queryKey: ['runs', 'views'],
    queryFn: ({ signal }) => call('GET /admin/run-views', { signal }),
    staleTime: Infinity,
  }),
  lastOf: (endpointId: string) =>
    queryOptions({
      queryKey: ['runs', 'last', endpointId],
      queryFn: ({ signal }) => call('GET /admin/runs', { query: { endpointId, limit: 5 }, signal }),
    }),
  /** The newest runs with the error of a run, in one request: as many as a page may have. */
  alike: (id: string, filter: RunFilter) =>
    queryOptions({
      queryKey: ['runs', 'alike', id],
      queryFn: ({ signal }) =>
        call('GET /admin/runs', { query: { ...toListQuery(filter, Date.now()), limit: 100 }, signal }),
    }),
  stats: (filter: RunFilter) =>
    queryOptions({
      queryKey: ['runs', 'stats', filter],
      queryFn: async ({ signal }) => {
        const query = toStatsQuery(filter, Date.now());
        return { step: query.step, stats: await call('GET /admin/runs/stats', { query, signal }) };
      },
      placeholderData: keepPreviousData,
    }),
  /** Calls of the last 24 hours, an item for each endpoint or key. Without tests: they fail while code is written. */
  dayBy: (by: 'endpoint' | 'key') =>
    queryOptions({
      queryKey: ['runs', 'day', by],
      queryFn: ({ signal }) => {
        const since = new Date(Date.now() - DAY_MS).toISOString();
        return call('GET /admin/runs/stats', { query: { since, by, kind: 'live' }, signal });
      },
    }),
  one: (id: string) =>
    queryOptions({
      queryKey: ['runs', 'one', id],
      queryFn: ({ signal }) => call('GET /admin/runs/:id', { params: { id }, signal }),
    }),
};
