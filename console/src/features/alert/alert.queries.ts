import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { call, type Answer } from '../../api/call';

export type ListedAlert = Answer<'GET /admin/alerts'>['items'][number];
export type AlertState = Answer<'GET /admin/endpoints/:id/alert'>;

/** Queries of alerts. Their keys begin with `endpoints`: an alert is a part of its endpoint. */
export const alertQueries = {
  list: infiniteQueryOptions({
    queryKey: ['endpoints', 'alerts', 'list'],
    queryFn: ({ pageParam, signal }) => call('GET /admin/alerts', { query: { cursor: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  }),
  of: (endpointId: string) =>
    queryOptions({
      queryKey: ['endpoints', 'alerts', 'of', endpointId],
      queryFn: ({ signal }) => call('GET /admin/endpoints/:id/alert', { params: { id: endpointId }, signal }),
    }),
};
