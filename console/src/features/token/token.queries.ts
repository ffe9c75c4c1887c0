import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { call, type Answer } from '../../api/call';

export type PersonalToken = Answer<'GET /admin/personal-tokens'>['items'][number];
export type CallerToken = Answer<'GET /admin/tokens/:id'>;

/** Queries of tokens. The value of a token is never among them. */
export const tokenQueries = {
  all: ['tokens'] as const,
  own: queryOptions({
    queryKey: ['tokens', 'own'],
    queryFn: ({ signal }) => call('GET /admin/personal-tokens', { signal }),
  }),
  ofCallers: infiniteQueryOptions({
    queryKey: ['tokens', 'of-callers'],
    queryFn: ({ pageParam, signal }) => call('GET /admin/tokens', { query: { cursor: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  }),
};
