import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import type { ReactNode } from 'react';
import { rolesFor, useRights } from '../../api/session';
import { Button } from '../../kit/button';
import { TextField } from '../../kit/field';
import { FilterBar } from '../../kit/filter-bar';
import { Page } from '../../kit/page';
import { PagedTable } from '../../kit/paged-table';
import { Empty, NoRight } from '../../kit/state';
import type { Column } from '../../kit/table';
import { Time } from '../../kit/time';
import { useActions } from '../../shell/actions';
import { handlerQueries, type Handler } from './handler.queries';
import { HandlerTree } from './handler-tree';
import styles from './handler.module.css';
import { servedText } from './served.rules';

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
    cell: servedText,
  },
  { id: 'changed', header: 'Changed', shown: 'medium', cell: ({ updatedAt }) => <Time at={updatedAt} /> },
];

/** All handlers as a tree, or those whose path begins with what the address names. */
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

function Handlers({ button }: { button: ReactNode }) {
  const { prefix } = route.useSearch();
  const navigate = useNavigate({ from: '/handlers' });
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
      {prefix === undefined ? (
        <HandlerTree
          empty={
            <Empty title="No handler yet" action={button}>
              A handler is code, or steps, that an endpoint calls: JavaScript, TypeScript, Python, a workflow or a
              graph.
            </Empty>
          }
        />
      ) : (
        <Found prefix={prefix} onClear={clear} />
      )}
    </>
  );
}

const Found = ({ prefix, onClear }: { prefix: string; onClear: () => void }) => (
  <PagedTable
    label="Handlers"
    words={['handler', 'handlers']}
    query={useInfiniteQuery(handlerQueries.list(prefix))}
    columns={COLUMNS}
    keyOf={({ id }) => id}
    empty={null}
    onClear={onClear}
  />
);
