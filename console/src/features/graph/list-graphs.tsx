import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { call } from '../../api/call';
import { rolesFor, useRights } from '../../api/session';
import { StateBadge } from '../../kit/badge';
import { Button } from '../../kit/button';
import { TextField } from '../../kit/field';
import { FilterBar } from '../../kit/filter-bar';
import { printable } from '../../kit/json-tree.rules';
import { More } from '../../kit/more';
import { Page } from '../../kit/page';
import { SelectField, SelectSeveralField } from '../../kit/select-field';
import { Empty, EmptyByFilter, Loaded, NoRight } from '../../kit/state';
import { Table, type Column } from '../../kit/table';
import { Time } from '../../kit/time';
import { toastFailed } from '../../kit/toast';
import { useActions } from '../../shell/actions';
import { graphQueries, type GraphSummary } from './graph.queries';
import { GRAPH_STATES, GRAPH_STATUSES } from './graph-status.rules';
import styles from './graph.module.css';

const route = getRouteApi('/graphs');

const COLUMNS: readonly Column<GraphSummary>[] = [
  {
    id: 'title',
    header: 'Graph',
    cell: ({ id, title }) => (
      <Link to="/graphs/$id" params={{ id }} data-row="" className={styles.row}>
        {printable(title) || 'untitled'}
      </Link>
    ),
  },
  {
    id: 'status',
    header: 'State',
    cell: ({ status }) => <StateBadge state={GRAPH_STATUSES[status]} />,
  },
  {
    id: 'description',
    header: 'Description',
    shown: 'wide',
    cell: ({ description }) => printable(description).slice(0, 200),
  },
  {
    id: 'author',
    header: 'Owner',
    shown: 'medium',
    cell: ({ author, isOwn }) => (isOwn ? 'you' : (author ?? 'deleted user')),
  },
  { id: 'changed', header: 'Changed', shown: 'medium', cell: ({ updatedAt }) => <Time at={updatedAt} /> },
];

/** All graphs, drafts and runs, filtered by the address. */
export function ListGraphs() {
  const { may, whyNot } = useRights();
  const navigate = useNavigate();
  const client = useQueryClient();
  const create = useMutation({
    mutationFn: () =>
      call('POST /admin/graphs', { body: { title: 'Untitled graph', description: 'What it computes' } }),
    onSuccess: async ({ id }) => {
      await client.invalidateQueries({ queryKey: graphQueries.all });
      await navigate({ to: '/graphs/$id', params: { id }, search: {} });
    },
    onError: toastFailed,
  });
  useActions(may('graph.write') ? [{ id: 'new', label: 'New graph', keys: 'n', run: () => create.mutate() }] : []);
  const button = (
    <Button
      tone="primary"
      icon={<Plus />}
      reason={whyNot('graph.write')}
      isPending={create.isPending}
      onPress={() => create.mutate()}
    >
      New graph
    </Button>
  );
  return (
    <Page title="Graphs" beside={<Link to="/operations">Operations and files</Link>} actions={button}>
      {may('graph.read') ? <Graphs action={button} /> : <NoRight what="graphs" roles={rolesFor('graph.read')} />}
    </Page>
  );
}

function Graphs({ action }: { action: React.ReactNode }) {
  const { status, ...filter } = route.useSearch();
  const navigate = useNavigate({ from: '/graphs' });
  const query = useInfiniteQuery(graphQueries.list({ ...filter, status: status?.join(',') }));
  const isFiltered = status !== undefined || Object.keys(filter).length > 0;
  return (
    <>
      <GraphFilterBar isFiltered={isFiltered} />
      <Loaded query={query} what="graphs">
        {({ pages }) => {
          const rows = pages.flatMap(({ items }) => items);
          if (rows.length === 0 && isFiltered)
            return <EmptyByFilter what="graphs" onClear={() => void navigate({ search: {} })} />;
          if (rows.length === 0)
            return (
              <Empty title="No graph yet" action={action}>
                A graph connects files and operations, whose outputs are inputs of others. It runs node by node, reuses
                results, and can be published as an endpoint.
              </Empty>
            );
          return (
            <>
              <Table label="Graphs" rows={rows} columns={COLUMNS} keyOf={({ id }) => id} />
              <More
                count={rows.length}
                what={rows.length === 1 ? 'graph' : 'graphs'}
                hasMore={query.hasNextPage}
                isPending={query.isFetchingNextPage}
                onMore={() => void query.fetchNextPage()}
              />
            </>
          );
        }}
      </Loaded>
    </>
  );
}

function GraphFilterBar({ isFiltered }: { isFiltered: boolean }) {
  const { q, own, status } = route.useSearch();
  const navigate = useNavigate({ from: '/graphs' });
  const change = (part: ReturnType<typeof route.useSearch>): void =>
    void navigate({ search: (now) => ({ ...now, ...part }), replace: true });
  return (
    <FilterBar label="Filter graphs" isFiltered={isFiltered} onClear={() => void navigate({ search: {} })}>
      <TextField
        label="Words of the title or description"
        isLabelHidden
        type="search"
        placeholder="Title or description"
        value={q ?? ''}
        onChange={(text) => change({ q: text || undefined })}
      />
      <SelectSeveralField
        label="State"
        isLabelHidden
        placeholder="Any state"
        value={status ?? []}
        options={GRAPH_STATES.map((value) => ({ value, label: GRAPH_STATUSES[value].word }))}
        onChange={(chosen) => change({ status: chosen.length === 0 ? undefined : chosen })}
      />
      <SelectField
        label="Owner"
        isLabelHidden
        value={own ?? 'any'}
        options={[
          { value: 'any', label: 'Of anybody' },
          { value: 'true', label: 'Mine' },
        ]}
        onChange={(chosen) => change({ own: chosen === 'any' ? undefined : 'true' })}
      />
    </FilterBar>
  );
}
