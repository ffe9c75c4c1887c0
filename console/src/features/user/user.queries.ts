import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { call, type Answer } from '../../api/call';

export type User = Answer<'GET /admin/users/:id'>;
export type Account = Answer<'GET /admin/users/:id/identities'>['items'][number];

/** Queries of people. A password is never among them. */
export const userQueries = {
  all: ['users'] as const,
  list: infiniteQueryOptions({
    queryKey: ['users', 'list'],
    queryFn: ({ pageParam, signal }) => call('GET /admin/users', { query: { cursor: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  }),
  /** People to choose from; `nextCursor` is null when these are all. */
  choices: queryOptions({
    queryKey: ['users', 'choices'],
    queryFn: ({ signal }) => call('GET /admin/users', { query: { limit: 100 }, signal }),
  }),
  one: (id: string) =>
    queryOptions({
      queryKey: ['users', 'one', id],
      queryFn: ({ signal }) => call('GET /admin/users/:id', { params: { id }, signal }),
    }),
  /** Accounts at identity providers with which the user signs in. */
  accounts: (id: string) =>
    queryOptions({
      queryKey: ['users', 'accounts', id],
      queryFn: ({ signal }) => call('GET /admin/users/:id/identities', { params: { id }, signal }),
    }),
  uses: (id: string) =>
    queryOptions({
      queryKey: ['users', 'uses', id],
      queryFn: ({ signal }) => call('GET /admin/users/:id/uses', { params: { id }, signal }),
    }),
};
