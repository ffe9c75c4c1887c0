import { queryOptions } from '@tanstack/react-query';
import { call } from '../../api/call';
import { expiresAround, startOfDay } from './attention.rules';

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
  expiringKeys: queryOptions({
    queryKey: ['keys', 'overview', 'expiring'],
    queryFn: ({ signal }) => call('GET /admin/keys', { query: { ...expiresAround(Date.now()), limit: 100 }, signal }),
  }),
  expiringTokens: queryOptions({
    queryKey: ['tokens', 'overview', 'expiring'],
    queryFn: ({ signal }) => call('GET /admin/tokens', { query: { ...expiresAround(Date.now()), limit: 100 }, signal }),
  }),
  limitedKeys: queryOptions({
    queryKey: ['keys', 'overview', 'limited'],
    queryFn: ({ signal }) => call('GET /admin/keys', { query: { hasDailyQuota: 'true', limit: 100 }, signal }),
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
