import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { rolesFor, useRights } from '../../api/session';
import { StateBadge } from '../../kit/badge';
import { Button } from '../../kit/button';
import { TextField } from '../../kit/field';
import { FilterBar } from '../../kit/filter-bar';
import { printable } from '../../kit/json-tree.rules';
import { More } from '../../kit/more';
import { Page } from '../../kit/page';
import { SelectSeveralField } from '../../kit/select-field';
import { Empty, EmptyByFilter, Loaded, NoRight } from '../../kit/state';
import { Table, type Column } from '../../kit/table';
import { Time } from '../../kit/time';
import { useActions } from '../../shell/actions';
import { operationQueries, type OperationSummary } from './graph.queries';
import { KINDS, OPERATION_STATUSES } from './graph-status.rules';
import { UploadFile } from './upload-file';
import styles from './graph.module.css';

const route = getRouteApi('/operations');

const COLUMNS: readonly Column<OperationSummary>[] = [
  {
    id: 'title',
    header: 'Title',
    cell: ({ id, title }) => (
      <Link to="/operations/$id" params={{ id }} data-row="" className={styles.row}>
        {printable(title) || 'untitled'}
      </Link>
    ),
  },
  { id: 'kind', header: 'Kind', cell: ({ kind }) => KINDS[kind] ?? kind },
  {
    id: 'status',
    header: 'State',
    shown: 'medium',
    cell: ({ status }) => <StateBadge state={OPERATION_STATUSES[status]} />,
  },
  {
    id: 'ports',
    header: 'Takes → gives',
    shown: 'medium',
    cell: ({ inputs, outputs }) =>
      `${inputs.map(({ name }) => printable(name)).join(', ')} → ${outputs.map(({ name, type }) => `${printable(name)} (${printable(type)})`).join(', ')}`,
  },
  {
    id: 'author',
    header: 'Owner',
    shown: 'wide',
    cell: ({ author, isOwn }) => (isOwn ? 'you' : (author ?? 'deleted user')),
  },
  { id: 'changed', header: 'Changed', shown: 'wide', cell: ({ updatedAt }) => <Time at={updatedAt} /> },
];

/** Parts of graphs: operations, and stored files. */
export function ListOperations() {
  const { may, whyNot } = useRights();
  const navigate = useNavigate();
  const create = (): void => void navigate({ to: '/operations/$id', params: { id: 'new' } });
  useActions(may('node.write') ? [{ id: 'new', label: 'New operation', keys: 'n', run: create }] : []);
  const button = (
    <Button tone="primary" icon={<Plus />} reason={whyNot('node.write')} onPress={create}>
      New operation
    </Button>
  );
  return (
    <Page title="Operations and files" beside={<Link to="/graphs">Graphs</Link>} actions={button}>
      {may('node.read') ? <Operations action={button} /> : <NoRight what="operations" roles={rolesFor('node.read')} />}
    </Page>
  );
}

function Operations({ action }: { action: React.ReactNode }) {
  const { kind, status, ...filter } = route.useSearch();
  const { whyNot } = useRights();
  const navigate = useNavigate({ from: '/operations' });
  const query = useInfiniteQuery(
    operationQueries.list({ ...filter, kind: kind?.join(','), status: status?.join(',') }),
  );
  const isFiltered = kind !== undefined || status !== undefined || Object.keys(filter).length > 0;
  const change = (part: ReturnType<typeof route.useSearch>): void =>
    void navigate({ search: (now) => ({ ...now, ...part }), replace: true });
  return (
    <>
      <FilterBar label="Filter operations" isFiltered={isFiltered} onClear={() => void navigate({ search: {} })}>
        <TextField
          label="Words of the title or description"
          isLabelHidden
          type="search"
          placeholder="Title or description"
          value={filter.q ?? ''}
          onChange={(q) => change({ q: q || undefined })}
        />
        <SelectSeveralField
          label="Kind"
          isLabelHidden
          placeholder="Any kind"
          value={kind ?? []}
          options={(['bash_jinja2', 'python', 'javascript', 'file'] as const).map((value) => ({
            value,
            label: KINDS[value]!,
          }))}
          onChange={(chosen) => change({ kind: chosen.length === 0 ? undefined : chosen })}
        />
      </FilterBar>
      <Loaded query={query} what="operations">
        {({ pages }) => {
          const rows = pages.flatMap(({ items }) => items);
          if (rows.length === 0 && isFiltered)
            return <EmptyByFilter what="operations" onClear={() => void navigate({ search: {} })} />;
          if (rows.length === 0)
            return (
              <Empty title="No operation yet" action={action}>
                An operation is a command in Bash, Python or JavaScript with named inputs, outputs and parameters. Once
                approved, graphs can use it.
              </Empty>
            );
          return (
            <>
              <Table label="Operations and files" rows={rows} columns={COLUMNS} keyOf={({ id }) => id} />
              <More
                count={rows.length}
                what={rows.length === 1 ? 'operation or file' : 'operations and files'}
                hasMore={query.hasNextPage}
                isPending={query.isFetchingNextPage}
                onMore={() => void query.fetchNextPage()}
              />
            </>
          );
        }}
      </Loaded>
      <p>
        <UploadFile
          reason={whyNot('file.write')}
          onUploaded={({ _id }) => void navigate({ to: '/operations/$id', params: { id: _id } })}
        />
      </p>
    </>
  );
}
