import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { rolesFor, useRights } from '../../api/session';
import { Button } from '../../kit/button';
import { Page } from '../../kit/page';
import { PagedTable } from '../../kit/paged-table';
import { Empty, NoRight } from '../../kit/state';
import type { Column } from '../../kit/table';
import { Time } from '../../kit/time';
import { useActions } from '../../shell/actions';
import { CallsOfDay } from '../run/calls-of-day';
import { ActOnKeys } from './act-on-keys';
import { CreateKey } from './create-key';
import { KeyExpiry, KeyState } from './key-state';
import { RotateKey } from './rotate-key';
import { keyQueries, type Key } from './key.queries';

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

/** All keys. Their values are shown once, when they are made. */
export function ListKeys() {
  const { may, whyNot } = useRights();
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [isCreating, setCreating] = useState(false);
  const query = useInfiniteQuery({ ...keyQueries.list, enabled: may('key.read') });
  const create = (): void => setCreating(true);
  useActions(may('key.write') ? [{ id: 'new', label: 'New key', keys: 'n', run: create }] : []);
  const button = (
    <Button tone="primary" icon={<Plus />} reason={whyNot('key.write')} onPress={create}>
      New key
    </Button>
  );
  return (
    <Page title="Keys" actions={button}>
      {!may('key.read') ? (
        <NoRight what="keys" roles={rolesFor('key.read')} />
      ) : (
        <PagedTable
          label="Keys"
          words={['key', 'keys']}
          query={query}
          columns={COLUMNS}
          keyOf={({ id }) => id}
          selection={{ keys: selected, onChange: setSelected, nameOf: ({ alias }) => alias }}
          empty={
            <Empty title="No key yet" action={button}>
              A program sends a key, as x-api-key, to the endpoints that accept it.
            </Empty>
          }
        >
          {(rows) => {
            const chosen = rows.filter(({ id }) => selected.has(id));
            return chosen.length > 0 && <ActOnKeys keys={chosen} onDone={() => setSelected(new Set())} />;
          }}
        </PagedTable>
      )}
      {isCreating && <CreateKey onClose={() => setCreating(false)} />}
    </Page>
  );
}
