import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { call, type Answer } from '../../api/call';

export type Role = Answer<'GET /admin/roles/:name'>;

/** Queries of roles. */
export const roleQueries = {
  all: ['roles'] as const,
  list: infiniteQueryOptions({
    queryKey: ['roles', 'list'],
    queryFn: ({ pageParam, signal }) => call('GET /admin/roles', { query: { cursor: pageParam, limit: 100 }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  }),
  one: (name: string) =>
    queryOptions({
      queryKey: ['roles', 'one', name],
      queryFn: ({ signal }) => call('GET /admin/roles/:name', { params: { name }, signal }),
    }),
  uses: (name: string) =>
    queryOptions({
      queryKey: ['roles', 'uses', name],
      queryFn: ({ signal }) => call('GET /admin/roles/:name/uses', { params: { name }, signal }),
    }),
};
