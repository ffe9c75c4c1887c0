import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { call, type Answer, type CallInput } from '../../api/call';

export type EditedGraph = Answer<'GET /admin/graphs/:id'>;
export type GraphSummary = Answer<'GET /admin/graphs'>['items'][number];
export type OperationSummary = Answer<'GET /admin/operations'>['items'][number];
export type FilePreview = Answer<'GET /admin/files/:id/preview'>;
export type GraphFilter = Omit<NonNullable<CallInput<'GET /admin/graphs'>['query']>, 'cursor' | 'limit'>;
export type OperationFilter = Omit<NonNullable<CallInput<'GET /admin/operations'>['query']>, 'cursor' | 'limit'>;
type FileType = NonNullable<NonNullable<CallInput<'GET /admin/files/:id/preview'>['query']>['type']>;

/** Queries of graphs. */
export const graphQueries = {
  all: ['graphs'] as const,
  list: (filter: GraphFilter) =>
    infiniteQueryOptions({
      queryKey: ['graphs', 'list', filter],
      queryFn: ({ pageParam, signal }) =>
        call('GET /admin/graphs', { query: { ...filter, cursor: pageParam }, signal }),
      initialPageParam: undefined as string | undefined,
      getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
      placeholderData: keepPreviousData,
    }),
  one: (id: string) =>
    queryOptions({
      queryKey: ['graphs', 'one', id],
      queryFn: ({ signal }) => call('GET /admin/graphs/:id', { params: { id }, signal }),
      // The editor holds what the user changed: a newer revision shows at the next save.
      refetchOnWindowFocus: false,
    }),
};

/** Queries of operations and files. */
export const operationQueries = {
  all: ['operations'] as const,
  list: (filter: OperationFilter) =>
    infiniteQueryOptions({
      queryKey: ['operations', 'list', filter],
      queryFn: ({ pageParam, signal }) =>
        call('GET /admin/operations', { query: { ...filter, cursor: pageParam }, signal }),
      initialPageParam: undefined as string | undefined,
      getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
      placeholderData: keepPreviousData,
    }),
  one: (id: string) =>
    queryOptions({
      queryKey: ['operations', 'one', id],
      queryFn: ({ signal }) => call('GET /admin/operations/:id', { params: { id }, signal }),
    }),
  preview: (id: string, type: string) =>
    queryOptions({
      queryKey: ['files', id, type],
      queryFn: ({ signal }) =>
        call('GET /admin/files/:id/preview', { params: { id }, query: { type: type as FileType }, signal }),
    }),
};
