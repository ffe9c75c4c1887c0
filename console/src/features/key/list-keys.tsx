import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { lazy, Suspense, useMemo, useState, type ReactNode } from 'react';
import { rolesFor, useRights } from '../../api/session';
import { ActOnSelected } from '../../bulk/act-on-selected';
import { Button } from '../../kit/button';
import { TextField } from '../../kit/field';
import { FilterBar } from '../../kit/filter-bar';
import { Page } from '../../kit/page';
import { PagedTable } from '../../kit/paged-table';
import { SelectField } from '../../kit/select-field';
import { Empty, NoRight } from '../../kit/state';
import type { Column } from '../../kit/table';
import { Time } from '../../kit/time';
import { isoOf } from '../../kit/time-range.rules';
import { useActions } from '../../shell/actions';
import { CallsOfDay } from '../run/calls-of-day';
import { keyBulk } from './change-keys';
import { KeyExpiry, KeyState } from './key-state';
import { RotateKey } from './rotate-key';
import { keyQueries, type Key } from './key.queries';

const CreateKey = lazy(() => import('./create-key'));

const route = getRouteApi('/keys');

const COLUMNS: readonly Column<Key>[] = [
  {
    id: 'alias',
    header: 'Alias',
    cell: ({ id, alias }) => (
      <Link to="/keys/$id" params={{ id }} data-row="">
        {alias}
      </Link>
    ),
  },
  {
    id: 'prefix',
    header: 'Value',
    shown: 'medium',
    cell: ({ prefix }) => (prefix ? <code>{prefix}…</code> : 'its own'),
  },
  { id: 'state', header: 'State', cell: (key) => <KeyState value={key} /> },
  { id: 'expires', header: 'Expires', shown: 'medium', cell: (key) => <KeyExpiry expiresAt={key.expiresAt} /> },
  {
    id: 'used',
    header: 'Last used',
    shown: 'medium',
    cell: ({ lastUsedAt }) => (lastUsedAt === null ? 'never' : <Time at={lastUsedAt} />),
  },
  { id: 'day', header: 'Calls, 24 h', shown: 'medium', cell: ({ id }) => <CallsOfDay by="key" id={id} /> },
  { id: 'created', header: 'Created', shown: 'wide', cell: ({ createdAt }) => <Time at={createdAt} /> },
  { id: 'rotate', header: 'Rotate', shown: 'medium', align: 'end', cell: (key) => <Rotate value={key} /> },
];

function Rotate({ value: key }: { value: Key }) {
  const { whyNot } = useRights();
  const [isAsking, setAsking] = useState(false);
  return (
    <>
      <Button aria-label={`Rotate ${key.alias}…`} reason={whyNot('key.write')} onPress={() => setAsking(true)}>
        Rotate…
      </Button>
      {isAsking && <RotateKey value={key} onClose={() => setAsking(false)} />}
    </>
  );
}

/** All keys, filtered by the address. Their values are shown once, when they are made. */
export function ListKeys() {
  const { may, whyNot } = useRights();
  const [isCreating, setCreating] = useState(false);
  const create = (): void => setCreating(true);
  useActions(may('key.write') ? [{ id: 'new', label: 'New key', keys: 'n', run: create }] : []);
  const button = (
    <Button tone="primary" icon={<Plus />} reason={whyNot('key.write')} onPress={create}>
      New key
    </Button>
  );
  return (
    <Page title="Keys" actions={button}>
      {may('key.read') ? <Keys create={button} /> : <NoRight what="keys" roles={rolesFor('key.read')} />}
      <Suspense>{isCreating && <CreateKey onClose={() => setCreating(false)} />}</Suspense>
    </Page>
  );
}

function Keys({ create }: { create: ReactNode }) {
  const search = route.useSearch();
  const navigate = useNavigate({ from: '/keys' });
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  // One "now" for each filter, so that the pages of a list belong together.
  const filter = useMemo(() => {
    const { unused, ...same } = search;
    return { ...same, unusedSince: isoOf(unused, Date.now()) };
  }, [search]);
  const query = useInfiniteQuery(keyQueries.list(filter));
  return (
    <>
      <FilterKeys />
      <PagedTable
        label="Keys"
        words={['key', 'keys']}
        query={query}
        columns={COLUMNS}
        keyOf={({ id }) => id}
        selection={{ keys: selected, onChange: setSelected, nameOf: ({ alias }) => alias }}
        empty={
          <Empty title="No key yet" action={create}>
            A program sends a key, as x-api-key, to the endpoints that accept it.
          </Empty>
        }
        onClear={Object.keys(search).length > 0 ? () => void navigate({ search: {} }) : undefined}
      >
        {(rows) => {
          const ids = rows.map(({ id }) => id).filter((id) => selected.has(id));
          return (
            ids.length > 0 && (
              <ActOnSelected bulk={keyBulk} ids={ids} filter={filter} onClear={() => setSelected(new Set())} />
            )
          );
        }}
      </PagedTable>
    </>
  );
}

function FilterKeys() {
  const filter = route.useSearch();
  const navigate = useNavigate({ from: '/keys' });
  const change = (part: typeof filter): void =>
    void navigate({ search: (now) => ({ ...now, ...part }), replace: true });
  return (
    <FilterBar
      label="Filter keys"
      isFiltered={Object.keys(filter).length > 0}
      onClear={() => void navigate({ search: {} })}
    >
      <TextField
        label="Alias or value"
        isLabelHidden
        type="search"
        placeholder="Alias or value"
        value={filter.q ?? ''}
        onChange={(q) => change({ q: q || undefined })}
      />
      <SelectField
        label="State"
        isLabelHidden
        value={filter.state ?? 'any'}
        options={STATES}
        onChange={(state) => change({ state: state === 'any' ? undefined : state })}
      />
      <SelectField
        label="Last used"
        isLabelHidden
        value={filter.unused ?? 'any'}
        options={UNUSED}
        onChange={(unused) => change({ unused: unused === 'any' ? undefined : unused })}
      />
    </FilterBar>
  );
}

const STATES = [
  { value: 'any', label: 'Any state' },
  { value: 'valid', label: 'Valid' },
  { value: 'off', label: 'Off' },
  { value: 'expired', label: 'Expired' },
] as const;

const UNUSED = [
  { value: 'any', label: 'Used or not' },
  { value: '-30d', label: 'Not used for 30 days' },
  { value: '-90d', label: 'Not used for 90 days' },
  { value: '-365d', label: 'Not used for a year' },
] as const;
