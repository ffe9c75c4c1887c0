import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { rolesFor, useRights } from '../../api/session';
import { ActOnSelected } from '../../bulk/act-on-selected';
import { Button } from '../../kit/button';
import { FilterBar } from '../../kit/filter-bar';
import { FilterField } from '../../kit/filter-field';
import { SelectField } from '../../kit/select-field';
import { TextField } from '../../kit/field';
import { Page } from '../../kit/page';
import { PagedTable } from '../../kit/paged-table';
import { Empty, NoRight } from '../../kit/state';
import type { Column } from '../../kit/table';
import { Time } from '../../kit/time';
import { useActions } from '../../shell/actions';
import { CallsOfDay } from '../run/calls-of-day';
import { endpointBulk } from './change-endpoints';
import { endpointQueries, type Endpoint, type EndpointSort } from './endpoint.queries';
import styles from './endpoint.module.css';
import { EndpointSwitch } from './switch-endpoint';
import { callersOf } from './who-may-call.rules';

const route = getRouteApi('/endpoints');

const COLUMNS: readonly Column<Endpoint>[] = [
  {
    id: 'path',
    header: 'Path',
    sorts: 'ascending',
    cell: ({ id, path, methods, title }) => (
      <>
        <Link to="/endpoints/$id" params={{ id }} data-row="" className={styles.path}>
          <span className={styles.methods}>{methods.join(' ')}</span> /u/{path}
        </Link>
        {title !== '' && <span className={styles.title}>{title}</span>}
      </>
    ),
  },
  {
    id: 'handler',
    header: 'Handler',
    shown: 'wide',
    cell: ({ handler }) => (
      <code className={styles.handler}>
        {handler.path}
        {handler.version !== null && ` v${handler.version}`}
      </code>
    ),
  },
  { id: 'access', header: 'Who may call', shown: 'medium', cell: ({ access }) => callersOf(access) ?? 'no key yet' },
  {
    id: 'calls',
    header: 'Calls, 24 h',
    sorts: 'descending',
    shown: 'medium',
    cell: ({ id }) => <CallsOfDay by="endpoint" id={id} />,
  },
  { id: 'folder', header: 'Folder', shown: 'wide', cell: ({ folder }) => folder },
  {
    id: 'updated',
    header: 'Changed',
    shown: 'wide',
    sorts: 'descending',
    cell: ({ updatedAt }) => <Time at={updatedAt} />,
  },
  { id: 'active', header: 'On', cell: (endpoint) => <EndpointSwitch endpoint={endpoint} /> },
];

/** All endpoints, filtered by the address. */
export function ListEndpoints() {
  const { may, whyNot } = useRights();
  const navigate = useNavigate();
  const create = (): void => void navigate({ to: '/endpoints/new' });
  useActions(may('endpoint.write') ? [{ id: 'new', label: 'New endpoint', keys: 'n', run: create }] : []);
  return (
    <Page
      title="Endpoints"
      actions={
        <Button tone="primary" icon={<Plus />} reason={whyNot('endpoint.write')} onPress={create}>
          New endpoint
        </Button>
      }
    >
      {may('endpoint.read') ? (
        <Endpoints onCreate={create} />
      ) : (
        <NoRight what="endpoints" roles={rolesFor('endpoint.read')} />
      )}
    </Page>
  );
}

function Endpoints({ onCreate }: { onCreate: () => void }) {
  const { sort, ...filter } = route.useSearch();
  const navigate = useNavigate({ from: '/endpoints' });
  const { may } = useRights();
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const query = useInfiniteQuery(endpointQueries.list(filter, sort));
  const isFiltered = Object.keys(filter).length > 0;
  return (
    <>
      <EndpointFilter />
      <PagedTable
        label="Endpoints"
        words={['endpoint', 'endpoints']}
        query={query}
        columns={may('run.read') ? COLUMNS : COLUMNS.filter(({ id }) => id !== 'calls')}
        sort={{
          by: sort,
          onChange: (by) => void navigate({ search: { ...filter, sort: by as EndpointSort }, replace: true }),
        }}
        keyOf={({ id }) => id}
        selection={{ keys: selected, onChange: setSelected, nameOf: ({ path }) => `/u/${path}` }}
        empty={<NoEndpoints onCreate={onCreate} />}
        onClear={isFiltered ? () => void navigate({ search: { sort } }) : undefined}
      >
        {(rows) => {
          const ids = rows.map(({ id }) => id).filter((id) => selected.has(id));
          return (
            ids.length > 0 && (
              <ActOnSelected bulk={endpointBulk} ids={ids} filter={filter} onClear={() => setSelected(new Set())} />
            )
          );
        }}
      </PagedTable>
    </>
  );
}

const LEVELS = [
  { value: 'any', label: 'Any callers' },
  { value: 'public', label: 'Anybody' },
  { value: 'key', label: 'Keys' },
  { value: 'authenticated', label: 'Signed-in users' },
  { value: 'key-or-authenticated', label: 'Keys and signed-in users' },
] as const;

/** Filters that other screens lead to, shown once they are in use. */
const LINKED = [
  ['handler', 'Handler'],
  ['key', 'Key (id)'],
  ['issuer', 'Issuer'],
] as const;

const SORTS: readonly { value: EndpointSort | 'newest'; label: string }[] = [
  { value: 'newest', label: 'Newest first' },
  { value: 'path', label: 'Path, A to Z' },
  { value: '-path', label: 'Path, Z to A' },
  { value: 'name', label: 'Name, A to Z' },
  { value: '-name', label: 'Name, Z to A' },
  { value: '-updated', label: 'Last changed first' },
  { value: 'updated', label: 'Last changed last' },
  { value: '-calls', label: 'Most calls in 24 h' },
  { value: 'calls', label: 'Fewest calls in 24 h' },
];

function EndpointFilter() {
  const { sort, ...filter } = route.useSearch();
  const { may } = useRights();
  const navigate = useNavigate({ from: '/endpoints' });
  const change = (part: typeof filter & { sort?: EndpointSort | undefined }): void =>
    void navigate({ search: (now) => ({ ...now, ...part }), replace: true });
  return (
    <FilterBar
      label="Filter endpoints"
      isFiltered={Object.keys(filter).length > 0}
      onClear={() => void navigate({ search: { sort } })}
    >
      <TextField
        label="Path, title or handler"
        isLabelHidden
        type="search"
        placeholder="Path, title or handler"
        value={filter.q ?? ''}
        onChange={(q) => change({ q: q || undefined })}
      />
      <TextField
        label="Folder"
        isLabelHidden
        placeholder="Folder"
        value={filter.folder ?? ''}
        onChange={(folder) => change({ folder: folder || undefined })}
      />
      <SelectField
        label="Who may call"
        isLabelHidden
        value={filter.level ?? 'any'}
        options={LEVELS}
        onChange={(level) => change({ level: level === 'any' ? undefined : level })}
      />
      <SelectField
        label="On or off"
        isLabelHidden
        value={filter.active ?? 'any'}
        options={[
          { value: 'any', label: 'On or off' },
          { value: 'true', label: 'On' },
          { value: 'false', label: 'Off' },
        ]}
        onChange={(active) => change({ active: active === 'any' ? undefined : active })}
      />
      <SelectField
        label="Order"
        isLabelHidden
        value={sort ?? 'newest'}
        options={SORTS.filter(({ value }) => may('run.read') || !value.endsWith('calls'))}
        onChange={(order) => change({ sort: order === 'newest' ? undefined : order })}
      />
      {LINKED.map(
        ([name, label]) =>
          filter[name] !== undefined && (
            <FilterField
              key={name}
              label={label}
              value={filter[name]}
              onApply={(value) => change({ [name]: value || undefined })}
            />
          ),
      )}
    </FilterBar>
  );
}

const NoEndpoints = ({ onCreate }: { onCreate: () => void }) => {
  const { whyNot } = useRights();
  return (
    <Empty
      title="No endpoint yet"
      action={
        <Button tone="primary" icon={<Plus />} reason={whyNot('endpoint.write')} onPress={onCreate}>
          New endpoint
        </Button>
      }
    >
      An endpoint is a URL that calls a handler: a script, a workflow or a graph. It says who may call it and with what.
    </Empty>
  );
};
