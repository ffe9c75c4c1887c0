import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { More } from './more';
import { EmptyByFilter, Loaded } from './state';
import { Table, type TableProps } from './table';

interface PagedTableProps<Row> extends Omit<TableProps<Row>, 'rows'> {
  query: UseInfiniteQueryResult<InfiniteData<{ items: readonly Row[] }>>;
  /** Name of a row: singular and plural. */
  words: readonly [one: string, several: string];
  /** Content of a table without rows. */
  empty: ReactNode;
  /** Given while filters of the screen are in use. */
  onClear?: (() => void) | undefined;
  /** Below the table, such as what can be done with the chosen rows. */
  children?: (rows: readonly Row[]) => ReactNode;
}

/** A list by pages, in all its states. */
export function PagedTable<Row>({ query, words, empty, onClear, children, ...table }: PagedTableProps<Row>) {
  return (
    <Loaded query={query} what={words[1]}>
      {({ pages }) => {
        const rows = pages.flatMap(({ items }) => items);
        if (rows.length === 0) return onClear ? <EmptyByFilter what={words[1]} onClear={onClear} /> : empty;
        return (
          <>
            <Table {...table} rows={rows} />
            {children?.(rows)}
            <More
              count={rows.length}
              what={words[rows.length === 1 ? 0 : 1]}
              hasMore={query.hasNextPage}
              isPending={query.isFetchingNextPage}
              onMore={() => void query.fetchNextPage()}
            />
          </>
        );
      }}
    </Loaded>
  );
}
