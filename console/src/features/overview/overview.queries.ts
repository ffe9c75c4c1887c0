import { queryOptions } from '@tanstack/react-query';
import { call } from '../../api/call';
import { startOfDay } from './attention.rules';

const DAY_MS = 24 * 60 * 60 * 1000;

/** What the first page reads beside the lists of endpoints and keys. */
export const overviewQueries = {
  // Tests fail while code is written: they need no attention.
  byEndpoint: queryOptions({
    queryKey: ['runs', 'overview', 'endpoint'],
    queryFn: ({ signal }) => {
      const since = new Date(Date.now() - DAY_MS).toISOString();
      return call('GET /admin/runs/stats', { query: { since, by: 'endpoint', kind: 'live' }, signal });
    },
  }),
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
  changes: queryOptions({
    queryKey: ['audit', 'overview'],
    queryFn: ({ signal }) => call('GET /admin/audit', { query: { limit: 50 }, signal }),
  }),
};
