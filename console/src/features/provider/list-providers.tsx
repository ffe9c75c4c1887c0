import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { call } from '../../api/call';
import { useRights } from '../../api/session';
import { Badge } from '../../kit/badge';
import { Button } from '../../kit/button';
import { Copy } from '../../kit/copy';
import { Question } from '../../kit/dialog';
import { Notice } from '../../kit/notice';
import { Empty, Loaded } from '../../kit/state';
import { Table, type Column } from '../../kit/table';
import { toastDone, toastFailed } from '../../kit/toast';
import { whoMayComeIn } from './provider-form.rules';
import { providerQueries, type Provider } from './provider.queries';
import { PutProvider } from './put-provider';

interface ProvidersProps {
  /** Adds one. */
  button: ReactNode;
  /** Name of the provider that the address names. */
  opened?: string | undefined;
}

/** The identity providers with which people sign in. */
export function Providers({ button, opened }: ProvidersProps) {
  const reason = useRights().whyNot('provider.write');
  const query = useQuery(providerQueries.list);
  const navigate = useNavigate();
  const [deleted, setDeleted] = useState<Provider | null>(null);
  const shown = query.data?.items.find(({ name }) => name === opened);
  return (
    <>
      <Loaded query={query} what="providers">
        {({ items }) => (
          <>
            {opened !== undefined && shown === undefined && (
              <Notice tone="warn">
                There is no provider {opened}. It may have been deleted: the audit trail says by whom.
              </Notice>
            )}
            <RedirectUri uri={items[0]?.redirectUri ?? `${location.origin}/console/signed-in`} />
            {items.length === 0 ? (
              <Empty title="No provider yet" action={button}>
                With an OpenID provider, such as Entra, Okta or Google, people sign in without a password, and get their
                roles from its groups.
              </Empty>
            ) : (
              <Table
                label="Providers"
                rows={items}
                columns={columnsOf(reason, setDeleted)}
                keyOf={({ name }) => name}
              />
            )}
          </>
        )}
      </Loaded>
      {shown && (
        <PutProvider provider={shown} onClose={() => void navigate({ to: '/people', search: { tab: 'providers' } })} />
      )}
      {deleted && <DeleteProvider provider={deleted} onClose={() => setDeleted(null)} />}
    </>
  );
}

const RedirectUri = ({ uri }: { uri: string }) => (
  <p>
    Redirect URI, to be registered at each provider: <code>{uri}</code> <Copy text={uri} what="redirect URI" />
  </p>
);

const columnsOf = (reason: string | undefined, onDelete: (provider: Provider) => void): readonly Column<Provider>[] => [
  {
    id: 'name',
    header: 'Provider',
    cell: ({ name, label }) => (
      <Link to="/providers/$name" params={{ name }} data-row="">
        {label}
      </Link>
    ),
  },
  { id: 'issuer', header: 'Issuer', shown: 'wide', cell: ({ issuer }) => <code>{issuer}</code> },
  { id: 'admit', header: 'Who may sign in', shown: 'medium', cell: ({ admit }) => whoMayComeIn(admit) },
  {
    id: 'state',
    header: 'State',
    cell: ({ active }) => (active ? <Badge tone="good">on</Badge> : <Badge>off</Badge>),
  },
  {
    id: 'delete',
    header: 'Delete',
    align: 'end',
    cell: (provider) => (
      <Button aria-label={`Delete ${provider.label}…`} reason={reason} onPress={() => onDelete(provider)}>
        Delete…
      </Button>
    ),
  },
];

function DeleteProvider({ provider, onClose }: { provider: Provider; onClose: () => void }) {
  const { name, label, revision } = provider;
  const client = useQueryClient();
  const { mutate, isPending } = useMutation({
    mutationFn: () => call('DELETE /admin/providers/:name', { params: { name }, ifMatch: revision }),
    onError: toastFailed,
    onSuccess: () => {
      toastDone(`Deleted the provider ${label}.`);
      onClose();
    },
    onSettled: () => client.invalidateQueries({ queryKey: providerQueries.all }),
  });
  return (
    <Question
      title={`Delete the provider ${label}?`}
      verb="Delete provider"
      isOpen
      isPending={isPending}
      typed={name}
      onClose={onClose}
      onConfirm={() => mutate()}
    >
      <p>
        The sessions of its users end, and their accounts at it are forgotten; the users stay. To keep them, change it
        to be offered no longer.
      </p>
    </Question>
  );
}
