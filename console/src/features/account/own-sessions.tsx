import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { call, type Answer } from '../../api/call';
import { Badge } from '../../kit/badge';
import { Button } from '../../kit/button';
import { Section } from '../../kit/page';
import { Loaded } from '../../kit/state';
import { Table, type Column } from '../../kit/table';
import { Time } from '../../kit/time';
import { toastDone, toastFailed } from '../../kit/toast';

type SessionEntry = Answer<'GET /admin/sessions'>['items'][number];

/** Queries of the sessions of the user. */
const sessionsQuery = queryOptions({
  queryKey: ['sessions'],
  queryFn: ({ signal }) => call('GET /admin/sessions', { signal }),
});

const COLUMNS: readonly Column<SessionEntry>[] = [
  {
    id: 'holder',
    header: 'Where',
    cell: ({ holder, address, current }) => (
      <>
        {holder === 'browser' ? 'Browser' : 'Program'} {address !== '' && <code>{address}</code>}{' '}
        {current && <Badge tone="good">this one</Badge>}
      </>
    ),
  },
  { id: 'created', header: 'Signed in', shown: 'medium', cell: ({ createdAt }) => <Time at={createdAt} /> },
  { id: 'refreshed', header: 'Renewed', shown: 'wide', cell: ({ refreshedAt }) => <Time at={refreshedAt} /> },
  { id: 'expires', header: 'Ends', shown: 'medium', cell: ({ expiresAt }) => <Time at={expiresAt} /> },
  { id: 'end', header: 'End', align: 'end', cell: (session) => <EndSession session={session} /> },
];

/** Sessions of the user, with buttons that end them. */
export function OwnSessions() {
  const query = useQuery(sessionsQuery);
  const { mutate, isPending } = useEnd(() => call('DELETE /admin/sessions'), 'Your other sessions have ended.');
  const hasOthers = query.data?.items.some(({ current }) => !current) ?? false;
  const aside = (
    <Button isPending={isPending} isDisabled={!hasOthers} onPress={() => mutate()}>
      End all others
    </Button>
  );
  return (
    <Section title="Sessions" aside={aside}>
      <Loaded query={query} what="your sessions">
        {({ items }) => <Table label="Sessions" rows={items} columns={COLUMNS} keyOf={({ id }) => id} />}
      </Loaded>
    </Section>
  );
}

function useEnd(end: () => Promise<unknown>, done: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: end,
    onError: toastFailed,
    onSuccess: () => toastDone(done),
    onSettled: () => client.invalidateQueries({ queryKey: sessionsQuery.queryKey }),
  });
}

function EndSession({ session: { id, current, address } }: { session: SessionEntry }) {
  const { mutate, isPending } = useEnd(
    () => call('DELETE /admin/sessions/:id', { params: { id } }),
    'The session has ended.',
  );
  if (current) return null;
  return (
    <Button
      aria-label={`End the session from ${address || 'elsewhere'}`}
      isPending={isPending}
      onPress={() => mutate()}
    >
      End
    </Button>
  );
}
