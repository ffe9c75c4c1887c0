import { infiniteQueryOptions } from '@tanstack/react-query';
import { call, type Answer } from '../../api/call';

export type PackageSet = Answer<'GET /admin/package-sets'>['items'][number];
export type Wheel = Answer<'GET /admin/python/packages'>['items'][number];

/** Queries of Python packages: the sets that scripts run on, and the wheels that were uploaded. */
export const packageQueries = {
  all: ['packages'] as const,
  sets: infiniteQueryOptions({
    queryKey: ['packages', 'sets'],
    queryFn: ({ pageParam, signal }) => call('GET /admin/package-sets', { query: { cursor: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  }),
  wheels: infiniteQueryOptions({
    queryKey: ['packages', 'wheels'],
    queryFn: ({ pageParam, signal }) => call('GET /admin/python/packages', { query: { cursor: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  }),
};
