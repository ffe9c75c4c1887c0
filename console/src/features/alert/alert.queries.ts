import { queryOptions } from '@tanstack/react-query';
import { call, type Answer } from '../../api/call';

export type ListedAlert = Answer<'GET /admin/alerts'>['items'][number];
export type AlertState = Answer<'GET /admin/endpoints/:id/alert'>;

/** Queries of alerts. Their keys begin with `endpoints`: an alert is a part of its endpoint. */
export const alertQueries = {
  list: queryOptions({
    queryKey: ['endpoints', 'alerts', 'list'],
    queryFn: ({ signal }) => call('GET /admin/alerts', { signal }),
  }),
  of: (endpointId: string) =>
    queryOptions({
      queryKey: ['endpoints', 'alerts', 'of', endpointId],
      queryFn: ({ signal }) => call('GET /admin/endpoints/:id/alert', { params: { id: endpointId }, signal }),
    }),
};
