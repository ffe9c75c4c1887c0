import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { call } from '../../api/call';
import { useRights } from '../../api/session';
import { Badge } from '../../kit/badge';
import { Copy } from '../../kit/copy';
import { Question } from '../../kit/dialog';
import { Menu } from '../../kit/menu';
import { Empty, Loaded } from '../../kit/state';
import { Table, type Column } from '../../kit/table';
import { toastDone, toastFailed } from '../../kit/toast';
import { whoMayComeIn } from './provider-form.rules';
import { providerQueries, type Provider } from './provider.queries';
import { PutProvider } from './put-provider';

interface Asked {
  what: 'change' | 'delete';
  provider: Provider;
}

/** The identity providers with which people sign in. `button` adds one. */
export function Providers({ button }: { button: ReactNode }) {
  const reason = useRights().whyNot('provider.write');
  const query = useQuery(providerQueries.list);
  const [asked, setAsked] = useState<Asked | null>(null);
  const close = (): void => setAsked(null);
  return (
    <>
      <Loaded query={query} what="providers">
        {({ items }) => (
          <>
            <RedirectUri uri={items[0]?.redirectUri ?? `${location.origin}/console/signed-in`} />
            {items.length === 0 ? (
              <Empty title="No provider yet" action={button}>
                With an OpenID provider, such as Entra, Okta or Google, people sign in without a password, and get their
                roles from its groups.
              </Empty>
            ) : (
              <Table label="Providers" rows={items} columns={columnsOf(reason, setAsked)} keyOf={({ name }) => name} />
            )}
          </>
        )}
      </Loaded>
      {asked?.what === 'change' && <PutProvider provider={asked.provider} onClose={close} />}
      {asked?.what === 'delete' && <DeleteProvider provider={asked.provider} onClose={close} />}
    </>
  );
}

const RedirectUri = ({ uri }: { uri: string }) => (
  <p>
    Redirect URI, to be registered at each provider: <code>{uri}</code> <Copy text={uri} what="redirect URI" />
  </p>
);

const columnsOf = (reason: string | undefined, onAsk: (asked: Asked) => void): readonly Column<Provider>[] => [
  { id: 'name', header: 'Provider', cell: ({ label }) => <strong>{label}</strong> },
  { id: 'issuer', header: 'Issuer', shown: 'wide', cell: ({ issuer }) => <code>{issuer}</code> },
  { id: 'admit', header: 'Who may sign in', shown: 'medium', cell: ({ admit }) => whoMayComeIn(admit) },
  {
    id: 'state',
    header: 'State',
    cell: ({ active }) => (active ? <Badge tone="good">on</Badge> : <Badge>off</Badge>),
  },
  {
    id: 'acts',
    header: 'Acts',
    align: 'end',
    cell: (provider) => (
      <Menu
        label={`Acts of ${provider.label}`}
        actions={[
          { id: 'change', label: 'Change…', reason, onAction: () => onAsk({ what: 'change', provider }) },
          {
            id: 'delete',
            label: 'Delete…',
            tone: 'danger',
            reason,
            onAction: () => onAsk({ what: 'delete', provider }),
          },
        ]}
      />
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
