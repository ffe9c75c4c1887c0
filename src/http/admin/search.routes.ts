import { search } from '../../core/search/search';
import { SearchQuery, SearchResult } from '../../core/search/search.schema';
import { route } from '../wire/route';

export const searchRoutes = [
  route({
    id: 'search',
    method: 'get',
    path: '/admin/search',
    verb: search,
    tag: 'Search',
    summary: 'Find endpoints, handlers, keys, tables, graphs and users by name',
    query: SearchQuery,
    answers: { 200: SearchResult },
    args: ({ query }) => [query],
  }),
] as const;
