import { infiniteQueryOptions, queryOptions, type InfiniteData, type QueryClient } from '@tanstack/react-query';
import { call, type Answer } from '../../api/call';

export type Table = Answer<'GET /admin/tables/:id'>;
export type TableColumn = Table['columns'][number];
export type Row = Answer<'GET /admin/tables/:id/rows/:row'>;
type RowsPage = Answer<'GET /admin/tables/:id/rows'>;

/** Which rows, and in which order, as the address has them. */
export interface RowsWanted {
  where?: string | undefined;
  order?: string | undefined;
}

/** Rows of one page: a screen shows about 20. */
const PAGE = 200;

/** Queries of tables and their rows. */
export const tableQueries = {
  all: ['tables'] as const,
  list: (filter: { schema?: string | undefined; name?: string | undefined }) =>
    infiniteQueryOptions({
      queryKey: ['tables', 'list', filter],
      queryFn: ({ pageParam, signal }) =>
        call('GET /admin/tables', { query: { ...filter, cursor: pageParam }, signal }),
      initialPageParam: undefined as string | undefined,
      getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    }),
  one: (id: string) =>
    queryOptions({
      queryKey: ['tables', 'one', id],
      queryFn: ({ signal }) => call('GET /admin/tables/:id', { params: { id }, signal }),
    }),
  uses: (id: string) =>
    queryOptions({
      queryKey: ['tables', 'uses', id],
      queryFn: ({ signal }) => call('GET /admin/tables/:id/uses', { params: { id }, signal }),
    }),
  rowsOf: (id: string) => ['tables', 'rows', id] as const,
  rows: (id: string, wanted: RowsWanted) =>
    infiniteQueryOptions({
      queryKey: ['tables', 'rows', id, wanted],
      queryFn: ({ pageParam, signal }) =>
        call('GET /admin/tables/:id/rows', {
          params: { id },
          query: { ...wanted, limit: PAGE, cursor: pageParam },
          signal,
        }),
      initialPageParam: undefined as string | undefined,
      getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    }),
};

/** Puts a saved row in the place of the former one, in every list that has it. */
export const replaceRow = (client: QueryClient, tableId: string, saved: Row): void => {
  client.setQueriesData<InfiniteData<RowsPage>>({ queryKey: tableQueries.rowsOf(tableId) }, (data) =>
    data === undefined
      ? data
      : {
          ...data,
          pages: data.pages.map((page) => ({
            ...page,
            items: page.items.map((row) => (row.id === saved.id ? saved : row)),
          })),
        },
  );
};
