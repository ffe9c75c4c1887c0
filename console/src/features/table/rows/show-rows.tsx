import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { Plus, Upload } from 'lucide-react';
import { lazy, Suspense, useMemo, useState, type ReactNode } from 'react';
import { call } from '../../../api/call';
import { toQuery } from '../../../api/path.rules';
import { Problem } from '../../../api/problem';
import { Button } from '../../../kit/button';
import { Empty, EmptyByFilter, Loaded } from '../../../kit/state';
import { useActions } from '../../../shell/actions';
import { replaceRow, tableQueries, type Row, type RowsWanted, type Table } from '../table.queries';
import { ActOnRows, useDeleteRows } from './act-on-rows';
import { cellText, isLong, readCell } from './cell.rules';
import { FilterRows } from './filter-rows';
import { Grid } from './grid';
import type { GridColumn } from './grid-row';
import styles from './grid.module.css';
import { nextOrder } from './row-filter.rules';

const EditRow = lazy(() => import('./edit-row'));
const ImportFile = lazy(() => import('./import-file'));

const route = getRouteApi('/tables/$id');
type Over = { kind: 'import' } | { kind: 'row'; row: Row | null; column: string } | null;

/** Returns what saves one cell. Resolves to what is wrong, or to null. */
function useSaveCell(table: Table, rows: readonly Row[]) {
  const client = useQueryClient();
  return async (index: number, column: GridColumn, text: string): Promise<string | null> => {
    const read = readCell(column.type, text);
    if ('issue' in read) return read.issue;
    try {
      const params = { id: table.id, row: String(rows[index]!.id) };
      const saved = await call('PATCH /admin/tables/:id/rows/:row', { params, body: { [column.name]: read.value } });
      replaceRow(client, table.id, { ...rows[index], ...saved });
      return null;
    } catch (error) {
      if (error instanceof Problem) return error.issues[0]?.message ?? error.message;
      return error instanceof Error ? error.message : String(error);
    }
  };
}

/** The columns of a grid: the id, those of the table, and the times that the service keeps. */
const columnsOf = (table: Table): GridColumn[] => [
  { name: 'id', type: table.idType, isReadOnly: true },
  ...table.columns.map(({ name, type }) => ({ name, type, isReadOnly: false })),
  { name: 'created_at', type: 'datetime', isReadOnly: true },
  { name: 'updated_at', type: 'datetime', isReadOnly: true },
];

/** The rows of a table, filtered and sorted by the address. */
export default function ShowRows({ table }: { table: Table }) {
  const { where, order } = route.useSearch();
  const navigate = useNavigate({ from: '/tables/$id' });
  const query = useInfiniteQuery(tableQueries.rows(table.id, { where, order }));
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [over, setOver] = useState<Over>(null);
  const columns = useMemo(() => columnsOf(table), [table]);
  const rows = useMemo(() => query.data?.pages.flatMap(({ items }) => items) ?? [], [query.data]);
  const texts = useMemo(() => rows.map((row) => columns.map(({ name }) => cellText(row[name]))), [rows, columns]);
  const ids = useMemo(() => rows.map(({ id }) => String(id)), [rows]);
  const save = useSaveCell(table, rows);
  const remove = useDeleteRows(table, () => setChosen(new Set()));
  const close = (): void => setOver(null);
  const add = (): void => setOver({ kind: 'row', row: null, column: '' });
  useActions([
    { id: 'new', label: 'New row', keys: 'n', run: add },
    { id: 'import', label: 'Import a file', run: () => setOver({ kind: 'import' }) },
  ]);
  const button = (
    <Button tone="primary" icon={<Plus />} onPress={add}>
      New row
    </Button>
  );
  const isFiltered = where !== undefined;
  return (
    <>
      <Toolbar
        button={button}
        query={{ where, order }}
        tableId={table.id}
        onImport={() => setOver({ kind: 'import' })}
      />
      <FilterRows
        columns={columns}
        where={where}
        onChange={(next) => void navigate({ search: (now) => ({ ...now, where: next }), replace: true })}
      />
      <Loaded query={query} what="rows">
        {() =>
          rows.length === 0 ? (
            isFiltered ? (
              <EmptyByFilter
                what="rows"
                onClear={() => void navigate({ search: ({ order: kept }) => ({ order: kept }) })}
              />
            ) : (
              <Empty title="No row yet" action={button}>
                Handlers write rows, and you can: one by one, or from a CSV file.
              </Empty>
            )
          ) : (
            <>
              <Grid
                label={`Rows of ${table.name}`}
                columns={columns}
                rows={texts}
                ids={ids}
                hasMore={query.hasNextPage}
                onMore={() => void (query.isFetchingNextPage || query.fetchNextPage())}
                order={order}
                onOrder={(column) =>
                  void navigate({ search: (now) => ({ ...now, order: nextOrder(order, column) }), replace: true })
                }
                chosen={chosen}
                onChoose={setChosen}
                onDelete={(deleted) => void remove(rows.filter(({ id }) => deleted.includes(String(id))))}
                onOpen={(index, column) => setOver({ kind: 'row', row: rows[index]!, column })}
                isInForm={({ type }) => isLong(type)}
                onSave={save}
              />
              <span role="status">
                {rows.length} {rows.length === 1 ? 'row' : 'rows'}
                {query.hasNextPage ? ', and more below' : ''}
              </span>
            </>
          )
        }
      </Loaded>
      <ActOnRows
        table={table}
        where={where}
        rows={rows.filter(({ id }) => chosen.has(String(id)))}
        onClear={() => setChosen(new Set())}
      />
      <Suspense>
        {over?.kind === 'import' && <ImportFile table={table} onClose={close} />}
        {over?.kind === 'row' && <EditRow table={table} row={over.row} column={over.column} onClose={close} />}
      </Suspense>
    </>
  );
}

interface ToolbarProps {
  button: ReactNode;
  query: RowsWanted;
  tableId: string;
  onImport: () => void;
}

/** Import and export of rows. */
function Toolbar({ button, query, tableId, onImport }: ToolbarProps) {
  const file = (format: 'csv' | 'ndjson'): string => `/admin/tables/${tableId}/export${toQuery({ ...query, format })}`;
  return (
    <div className={styles.bar}>
      {button}
      <Button icon={<Upload />} onPress={onImport}>
        Import…
      </Button>
      <span>
        Export{' '}
        <a href={file('csv')} download>
          CSV
        </a>{' '}
        <a href={file('ndjson')} download>
          NDJSON
        </a>
      </span>
    </div>
  );
}
