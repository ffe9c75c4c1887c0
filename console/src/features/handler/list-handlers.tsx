import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { rolesFor, useRights } from '../../api/session';
import { Button } from '../../kit/button';
import { TextField } from '../../kit/field';
import { FilterBar } from '../../kit/filter-bar';
import { More } from '../../kit/more';
import { Page } from '../../kit/page';
import { Empty, EmptyByFilter, Loaded, NoRight } from '../../kit/state';
import { Table, type Column } from '../../kit/table';
import { Time } from '../../kit/time';
import { useActions } from '../../shell/actions';
import { handlerQueries, type Handler } from './handler.queries';
import styles from './handler.module.css';

const route = getRouteApi('/handlers');

const COLUMNS: readonly Column<Handler>[] = [
  {
    id: 'path',
    header: 'Path',
    cell: ({ id, path }) => (
      <Link to="/handlers/$id" params={{ id }} data-row="" className={styles.path}>
        {path}
      </Link>
    ),
  },
  { id: 'language', header: 'Language', shown: 'medium', cell: ({ language }) => language },
  {
    id: 'served',
    header: 'Served',
    cell: ({ defaultVersion, latestVersion }) =>
      defaultVersion === null
        ? 'none yet'
        : `v${defaultVersion}${defaultVersion < latestVersion ? ` of ${latestVersion}` : ''}`,
  },
  { id: 'changed', header: 'Changed', shown: 'medium', cell: ({ updatedAt }) => <Time at={updatedAt} /> },
];

/** All handlers, those whose path begins with what the address names. */
export function ListHandlers() {
  const { may, whyNot } = useRights();
  const navigate = useNavigate();
  const create = (): void => void navigate({ to: '/handlers/new' });
  useActions(may('handler.write') ? [{ id: 'new', label: 'New handler', keys: 'n', run: create }] : []);
  const button = (
    <Button tone="primary" icon={<Plus />} reason={whyNot('handler.write')} onPress={create}>
      New handler
    </Button>
  );
  return (
    <Page title="Handlers" actions={button}>
      {may('handler.read') ? (
        <Handlers button={button} />
      ) : (
        <NoRight what="handlers" roles={rolesFor('handler.read')} />
      )}
    </Page>
  );
}

function Handlers({ button }: { button: React.ReactNode }) {
  const { prefix } = route.useSearch();
  const navigate = useNavigate({ from: '/handlers' });
  const query = useInfiniteQuery(handlerQueries.list(prefix));
  const clear = (): void => void navigate({ search: {} });
  return (
    <>
      <FilterBar label="Filter handlers" isFiltered={prefix !== undefined} onClear={clear}>
        <TextField
          label="Path begins with"
          isLabelHidden
          type="search"
          placeholder="Path begins with…"
          value={prefix ?? ''}
          onChange={(text) => void navigate({ search: { prefix: text || undefined }, replace: true })}
        />
      </FilterBar>
      <Loaded query={query} what="handlers">
        {({ pages }) => {
          const rows = pages.flatMap(({ items }) => items);
          if (rows.length === 0 && prefix !== undefined) return <EmptyByFilter what="handlers" onClear={clear} />;
          if (rows.length === 0)
            return (
              <Empty title="No handler yet" action={button}>
                A handler is code, or steps, that an endpoint calls: JavaScript, TypeScript, Python, a workflow or a
                graph.
              </Empty>
            );
          return (
            <>
              <Table
                label="Handlers"
                rows={rows.toSorted((a, b) => (a.path < b.path ? -1 : 1))}
                columns={COLUMNS}
                keyOf={({ id }) => id}
              />
              <More
                count={rows.length}
                what={rows.length === 1 ? 'handler' : 'handlers'}
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
