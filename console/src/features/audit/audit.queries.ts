import { infiniteQueryOptions } from '@tanstack/react-query';
import { call, type Answer, type CallInput } from '../../api/call';

export type AuditEntry = Answer<'GET /admin/audit'>['items'][number];
export type AuditFilter = Omit<NonNullable<CallInput<'GET /admin/audit'>['query']>, 'limit' | 'cursor'>;

/** Queries of the audit trail. */
export const auditQueries = {
  list: (filter: AuditFilter) =>
    infiniteQueryOptions({
      queryKey: ['audit', 'list', filter],
      queryFn: ({ pageParam, signal }) => call('GET /admin/audit', { query: { ...filter, cursor: pageParam }, signal }),
      initialPageParam: undefined as string | undefined,
      getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    }),
};
