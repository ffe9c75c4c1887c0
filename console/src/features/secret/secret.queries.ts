import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { call, type Answer } from '../../api/call';

export type Secret = Answer<'GET /admin/secrets/:name'>;

/** Queries of secrets. The service never returns a value. */
export const secretQueries = {
  all: ['secrets'] as const,
  list: infiniteQueryOptions({
    queryKey: ['secrets', 'list'],
    queryFn: ({ pageParam, signal }) => call('GET /admin/secrets', { query: { cursor: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  }),
  one: (name: string) =>
    queryOptions({
      queryKey: ['secrets', 'one', name],
      queryFn: ({ signal }) => call('GET /admin/secrets/:name', { params: { name }, signal }),
    }),
  uses: (name: string) =>
    queryOptions({
      queryKey: ['secrets', 'uses', name],
      queryFn: ({ signal }) => call('GET /admin/secrets/:name/uses', { params: { name }, signal }),
    }),
};
