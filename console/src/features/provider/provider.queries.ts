import { queryOptions } from '@tanstack/react-query';
import { call, type Answer } from '../../api/call';

export type Provider = Answer<'GET /admin/providers/:name'>;

/** Queries of identity providers. The service never returns a client secret. */
export const providerQueries = {
  all: ['providers'] as const,
  list: queryOptions({
    queryKey: ['providers', 'list'],
    queryFn: ({ signal }) => call('GET /admin/providers', { signal }),
  }),
  one: (name: string) =>
    queryOptions({
      queryKey: ['providers', 'one', name],
      queryFn: ({ signal }) => call('GET /admin/providers/:name', { params: { name }, signal }),
    }),
};
