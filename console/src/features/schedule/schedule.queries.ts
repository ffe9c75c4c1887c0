import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { call, type Answer } from '../../api/call';

export type ListedSchedule = Answer<'GET /admin/schedules'>['items'][number];
export type ScheduleState = Answer<'GET /admin/endpoints/:id/schedules'>['schedules'][number];

/** Queries of schedules. Their keys begin with `endpoints`: a schedule is a part of its endpoint. */
export const scheduleQueries = {
  list: infiniteQueryOptions({
    queryKey: ['endpoints', 'schedules', 'list'],
    queryFn: ({ pageParam, signal }) => call('GET /admin/schedules', { query: { cursor: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  }),
  of: (endpointId: string) =>
    queryOptions({
      queryKey: ['endpoints', 'schedules', 'of', endpointId],
      queryFn: ({ signal }) => call('GET /admin/endpoints/:id/schedules', { params: { id: endpointId }, signal }),
    }),
};
