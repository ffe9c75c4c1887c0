import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { call } from '../../api/call';
import { useRights } from '../../api/session';
import { Button } from '../../kit/button';
import { Question } from '../../kit/dialog';
import { printable } from '../../kit/json-tree.rules';
import { Section } from '../../kit/page';
import { Loaded } from '../../kit/state';
import { Table, type Column } from '../../kit/table';
import { Time } from '../../kit/time';
import { toastDone, toastFailed } from '../../kit/toast';
import { LinkAccount } from './link-account';
import { userQueries, type Account, type User } from './user.queries';

/** Accounts at identity providers with which a person signs in. */
export function PersonAccounts({ user }: { user: User }) {
  const reason = useRights().whyNot('user.write');
  const query = useQuery(userQueries.accounts(user.id));
  const [asked, setAsked] = useState<Account | 'link' | null>(null);
  const close = (): void => setAsked(null);
  return (
    <Section title="Accounts at identity providers">
      <Loaded query={query} what="accounts">
        {({ items }) =>
          items.length === 0 ? (
            <p>None: a sign-in with a provider makes a new person. Link an account to let it sign in as this one.</p>
          ) : (
            <Table
              label="Accounts"
              rows={items}
              columns={columnsOf(reason, setAsked)}
              keyOf={({ provider, subject }) => `${provider} ${subject}`}
            />
          )
        }
      </Loaded>
      <p>
        <Button reason={reason} onPress={() => setAsked('link')}>
          Link an account…
        </Button>
      </p>
      {asked === 'link' && <LinkAccount user={user} onClose={close} />}
      {asked !== null && asked !== 'link' && <Unlink user={user} account={asked} onClose={close} />}
    </Section>
  );
}

const columnsOf = (reason: string | undefined, onUnlink: (account: Account) => void): readonly Column<Account>[] => [
  {
    id: 'provider',
    header: 'Provider',
    cell: ({ provider }) => (
      <Link to="/providers/$name" params={{ name: provider }} data-row="">
        {provider}
      </Link>
    ),
  },
  { id: 'subject', header: 'Subject', shown: 'medium', cell: ({ subject }) => <code>{printable(subject)}</code> },
  { id: 'created', header: 'Linked', shown: 'medium', cell: ({ createdAt }) => <Time at={createdAt} /> },
  {
    id: 'unlink',
    header: 'Unlink',
    align: 'end',
    cell: (account) => (
      <Button
        aria-label={`Unlink ${account.provider} ${printable(account.subject)}…`}
        reason={reason}
        onPress={() => onUnlink(account)}
      >
        Unlink…
      </Button>
    ),
  },
];

function Unlink({ user, account, onClose }: { user: User; account: Account; onClose: () => void }) {
  const { provider, subject } = account;
  const client = useQueryClient();
  const { mutate, isPending } = useMutation({
    mutationFn: () =>
      call('DELETE /admin/users/:id/identities', { params: { id: user.id }, query: { provider, subject } }),
    onError: toastFailed,
    onSuccess: () => toastDone(`Unlinked the account at ${provider}.`),
    onSettled: async () => {
      onClose();
      await client.invalidateQueries({ queryKey: userQueries.all });
    },
  });
  return (
    <Question
      title={`Unlink the account at ${provider}?`}
      verb="Unlink"
      isOpen
      isPending={isPending}
      onClose={onClose}
      onConfirm={() => mutate()}
    >
      <p>
        All sessions of {user.name} end, and <code>{printable(subject)}</code> is no longer {user.name}.
      </p>
    </Question>
  );
}
