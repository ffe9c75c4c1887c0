import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { call, type Answer, type CallInput } from '../../api/call';

export type Endpoint = Answer<'GET /admin/endpoints/:id'>;
export type UsedIssuer = Answer<'GET /admin/issuers'>['items'][number];
type EndpointsQuery = NonNullable<CallInput<'GET /admin/endpoints'>['query']>;
export type EndpointFilter = Omit<EndpointsQuery, 'cursor' | 'limit' | 'sort'>;
export type EndpointSort = NonNullable<EndpointsQuery['sort']>;

/** Queries of endpoints. All keys begin with `endpoints`, so that one invalidation covers a write. */
export const endpointQueries = {
  all: ['endpoints'] as const,
  list: (filter: EndpointFilter, sort?: EndpointSort) =>
    infiniteQueryOptions({
      queryKey: ['endpoints', 'list', filter, sort],
      queryFn: ({ pageParam, signal }) =>
        call('GET /admin/endpoints', { query: { ...filter, sort, cursor: pageParam }, signal }),
      initialPageParam: undefined as string | undefined,
      getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
      // While a filter is being typed, the rows stay.
      placeholderData: keepPreviousData,
    }),
  one: (id: string) =>
    queryOptions({
      queryKey: ['endpoints', 'one', id],
      queryFn: ({ signal }) => call('GET /admin/endpoints/:id', { params: { id }, signal }),
    }),
  issuers: queryOptions({
    queryKey: ['endpoints', 'issuers'],
    queryFn: ({ signal }) => call('GET /admin/issuers', { signal }),
  }),
  templates: queryOptions({
    queryKey: ['templates'],
    queryFn: ({ signal }) => call('GET /admin/templates', { query: { limit: 100 }, signal }),
    staleTime: Infinity,
  }),
};
