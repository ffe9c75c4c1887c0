import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { call } from '../../api/call';
import { useRights } from '../../api/session';
import { Badge } from '../../kit/badge';
import { Button } from '../../kit/button';
import { Question } from '../../kit/dialog';
import { Menu } from '../../kit/menu';
import { More } from '../../kit/more';
import { SelectField } from '../../kit/select-field';
import { Loaded } from '../../kit/state';
import { Table, type Column } from '../../kit/table';
import { Time } from '../../kit/time';
import { PersonLink } from '../user/person-link';
import { toastDone, toastFailed } from '../../kit/toast';
import { handlerQueries, type Handler, type Version } from './handler.queries';
import styles from './handler.module.css';
import { ServeVersion } from './serve-version';

/** The versions of a handler: which one is served, what changed, and the way back. */
export default function ListVersions({ handler }: { handler: Handler }) {
  const query = useInfiniteQuery(handlerQueries.versions(handler.id));
  const columns: readonly Column<Version>[] = [
    {
      id: 'version',
      header: 'Version',
      cell: ({ version, isDefault }) => (
        <>
          <Link to="/handlers/$id" params={{ id: handler.id }} search={{ version }} data-row="">
            v{version}
          </Link>{' '}
          {isDefault && <Badge tone="good">served</Badge>}
        </>
      ),
    },
    { id: 'note', header: 'Note', shown: 'medium', cell: ({ note }) => note },
    {
      id: 'form',
      header: 'Gets',
      shown: 'wide',
      cell: ({ form }) => (form === 'named' ? 'parameters' : 'the request'),
    },
    { id: 'saved', header: 'Saved', shown: 'medium', cell: ({ createdAt }) => <Time at={createdAt} /> },
    {
      id: 'by',
      header: 'By',
      shown: 'wide',
      cell: ({ createdBy: id, createdByName: name }) => <PersonLink id={id} name={name} />,
    },
    { id: 'act', header: 'Act', cell: (version) => <ActOnVersion handler={handler} version={version} /> },
  ];
  return (
    <Loaded query={query} what="versions">
      {({ pages }) => {
        const rows = pages.flatMap(({ items }) => items);
        return (
          <>
            {rows.length > 1 && <ChooseComparison handler={handler} versions={rows} />}
            <Table label="Versions" rows={rows} columns={columns} keyOf={({ version }) => String(version)} />
            <More
              count={rows.length}
              what={rows.length === 1 ? 'version' : 'versions'}
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

function ActOnVersion({ handler, version }: { handler: Handler; version: Version }) {
  const { whyNot } = useRights();
  const client = useQueryClient();
  const [asks, setAsks] = useState(false);
  const { id } = handler;
  const remove = useMutation({
    mutationFn: () =>
      call('DELETE /admin/handlers/:id/versions/:version', { params: { id, version: version.version } }),
    onError: toastFailed,
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: handlerQueries.all });
      toastDone(`Deleted v${version.version}.`);
    },
    onSettled: () => setAsks(false),
  });
  return (
    <span className={styles.bar}>
      {!version.isDefault && <ServeVersion handler={handler} version={version} reason={whyNot('handler.write')} />}
      <Menu
        label={`More of v${version.version}`}
        actions={[
          {
            id: 'delete',
            label: 'Delete…',
            tone: 'danger',
            reason: whyNot('handler.write') ?? (version.isDefault ? 'It is served.' : undefined),
            onAction: () => setAsks(true),
          },
        ]}
      />
      <Question
        title={`Delete v${version.version}?`}
        verb="Delete version"
        isOpen={asks}
        isPending={remove.isPending}
        onClose={() => setAsks(false)}
        onConfirm={() => remove.mutate()}
      >
        <p>Its source is deleted with it. A version that is served or pinned stays.</p>
      </Question>
    </span>
  );
}

function ChooseComparison({ handler, versions }: { handler: Handler; versions: readonly Version[] }) {
  const navigate = useNavigate();
  const [from, setFrom] = useState(String(versions[1]!.version));
  const [to, setTo] = useState(String(versions[0]!.version));
  const options = versions.map(({ version }) => ({ value: String(version), label: `v${version}` }));
  return (
    <div className={styles.bar} role="group" aria-label="Compare two versions">
      <SelectField label="From" value={from} options={options} onChange={setFrom} />
      <SelectField label="To" value={to} options={options} onChange={setTo} />
      <Button
        onPress={() =>
          void navigate({
            to: '/handlers/$id',
            params: { id: handler.id },
            search: { tab: 'versions', from: Number(from), to: Number(to) },
          })
        }
      >
        Compare
      </Button>
    </div>
  );
}
