import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { call, type Answer, type CallInput } from '../../api/call';
import { startOfMonth } from './key-usage.rules';

export type Key = Answer<'GET /admin/keys/:id'>;
export type KeyFilter = Omit<NonNullable<CallInput<'GET /admin/keys'>['query']>, 'cursor' | 'limit'>;

/** Queries of keys. The value of a key is never among them. */
export const keyQueries = {
  all: ['keys'] as const,
  list: (filter: KeyFilter) =>
    infiniteQueryOptions({
      queryKey: ['keys', 'list', filter],
      queryFn: ({ pageParam, signal }) => call('GET /admin/keys', { query: { ...filter, cursor: pageParam }, signal }),
      initialPageParam: undefined as string | undefined,
      getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
      placeholderData: keepPreviousData,
    }),
  one: (id: string) =>
    queryOptions({
      queryKey: ['keys', 'one', id],
      queryFn: ({ signal }) => call('GET /admin/keys/:id', { params: { id }, signal }),
    }),
  /** Calls with a key since the month of UTC began, by days. */
  month: (id: string) =>
    queryOptions({
      queryKey: ['runs', 'month', id],
      queryFn: ({ signal }) =>
        call('GET /admin/runs/stats', {
          query: { since: startOfMonth(Date.now()), step: 'day', key: id, kind: 'live' },
          signal,
        }),
    }),
  uses: (id: string) =>
    queryOptions({
      queryKey: ['keys', 'uses', id],
      queryFn: ({ signal }) => call('GET /admin/keys/:id/uses', { params: { id }, signal }),
    }),
};
