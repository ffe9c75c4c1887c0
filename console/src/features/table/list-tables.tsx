import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useRights } from '../../api/session';
import { Button } from '../../kit/button';
import { FilterBar } from '../../kit/filter-bar';
import { FilterField } from '../../kit/filter-field';
import { Page } from '../../kit/page';
import { PagedTable } from '../../kit/paged-table';
import { Empty } from '../../kit/state';
import type { Column } from '../../kit/table';
import { Time } from '../../kit/time';
import { useActions } from '../../shell/actions';
import { CreateTable } from './create-table';
import { tableQueries, type Table } from './table.queries';

const route = getRouteApi('/tables');

const COLUMNS: readonly Column<Table>[] = [
  {
    id: 'name',
    header: 'Name',
    cell: ({ id, schema, name }) => (
      <Link to="/tables/$id" params={{ id }} data-row="">
        {schema}.{name}
      </Link>
    ),
  },
  { id: 'columns', header: 'Columns', align: 'end', cell: ({ columns }) => columns.length },
  { id: 'description', header: 'Description', shown: 'medium', cell: ({ description }) => description },
  { id: 'read', header: 'Read', shown: 'wide', cell: ({ read }) => read.join(', ') || 'developers' },
  { id: 'write', header: 'Write', shown: 'wide', cell: ({ write }) => write.join(', ') || 'developers' },
  { id: 'changed', header: 'Changed', shown: 'medium', cell: ({ updatedAt }) => <Time at={updatedAt} /> },
];

/** The tables that the user may see. */
export function ListTables() {
  const filter = route.useSearch();
  const navigate = useNavigate({ from: '/tables' });
  const { may, whyNot } = useRights();
  const [isCreating, setCreating] = useState(false);
  const query = useInfiniteQuery(tableQueries.list(filter));
  const create = (): void => setCreating(true);
  useActions(may('table.write') ? [{ id: 'new', label: 'New table', keys: 'n', run: create }] : []);
  const change = (part: typeof filter): void => void navigate({ search: { ...filter, ...part }, replace: true });
  const clear = (): void => void navigate({ search: {} });
  const isFiltered = Object.keys(filter).length > 0;
  const button = (
    <Button tone="primary" icon={<Plus />} reason={whyNot('table.write')} onPress={create}>
      New table
    </Button>
  );
  return (
    <Page title="Tables" actions={button}>
      <FilterBar label="Filter tables" isFiltered={isFiltered} onClear={clear}>
        <FilterField label="Name" value={filter.name ?? ''} onApply={(name) => change({ name: name || undefined })} />
        <FilterField
          label="Schema"
          value={filter.schema ?? ''}
          onApply={(schema) => change({ schema: schema || undefined })}
        />
      </FilterBar>
      <PagedTable
        label="Tables"
        words={['table', 'tables']}
        query={query}
        columns={COLUMNS}
        keyOf={({ id }) => id}
        onClear={isFiltered ? clear : undefined}
        empty={
          <Empty title="No table yet" action={button}>
            A table keeps rows for handlers: orders, prices, subscribers. Handlers read and write it as ctx.tables.
          </Empty>
        }
      />
      {isCreating && <CreateTable onClose={() => setCreating(false)} />}
    </Page>
  );
}
