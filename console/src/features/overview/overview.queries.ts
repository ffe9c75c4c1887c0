import { queryOptions } from '@tanstack/react-query';
import { call } from '../../api/call';
import { startOfDay } from './attention.rules';

/** Queries of the first page beside the lists of endpoints and keys. */
export const overviewQueries = {
  byKey: queryOptions({
    queryKey: ['runs', 'overview', 'key'],
    queryFn: ({ signal }) =>
      call('GET /admin/runs/stats', { query: { since: startOfDay(Date.now()), by: 'key' }, signal }),
  }),
  endpoints: queryOptions({
    queryKey: ['endpoints', 'overview'],
    queryFn: ({ signal }) => call('GET /admin/endpoints', { query: { limit: 100 }, signal }),
  }),
  keys: queryOptions({
    queryKey: ['keys', 'overview'],
    queryFn: ({ signal }) => call('GET /admin/keys', { query: { limit: 100 }, signal }),
  }),
  /** Those that fire come first. */
  alerts: queryOptions({
    queryKey: ['endpoints', 'alerts', 'overview'],
    queryFn: ({ signal }) => call('GET /admin/alerts', { query: { limit: 100 }, signal }),
  }),
  changes: queryOptions({
    queryKey: ['audit', 'overview'],
    queryFn: ({ signal }) => call('GET /admin/audit', { query: { limit: 50 }, signal }),
  }),
};
