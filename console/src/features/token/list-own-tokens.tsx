import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { call } from '../../api/call';
import { Empty, Loaded } from '../../kit/state';
import { Table, type Column } from '../../kit/table';
import { Time } from '../../kit/time';
import { RevokeToken } from './revoke-token';
import { tokenQueries, type PersonalToken } from './token.queries';

const COLUMNS: readonly Column<PersonalToken>[] = [
  { id: 'name', header: 'Name', cell: ({ name }) => name },
  { id: 'prefix', header: 'Value', shown: 'medium', cell: ({ prefix }) => <code>{prefix}…</code> },
  { id: 'scopes', header: 'May', shown: 'medium', cell: ({ scopes }) => scopes.join(', ') },
  { id: 'expires', header: 'Expires', shown: 'medium', cell: ({ expiresAt }) => <Time at={expiresAt} /> },
  { id: 'created', header: 'Created', shown: 'wide', cell: ({ createdAt }) => <Time at={createdAt} /> },
  {
    id: 'revoke',
    header: 'End',
    align: 'end',
    cell: ({ id, name }) => (
      <RevokeToken name={name} revoke={() => call('DELETE /admin/personal-tokens/:id', { params: { id } })} />
    ),
  },
];

/** The valid tokens of the signed-in user. */
export const OwnTokens = ({ button }: { button: ReactNode }) => (
  <Loaded query={useQuery(tokenQueries.own)} what="your tokens">
    {({ items }) =>
      items.length === 0 ? (
        <Empty title="You have no token" action={button}>
          With a token of yours, a program acts for you: the command line, a pipeline that deploys, an agent. It never
          may more than you.
        </Empty>
      ) : (
        <Table label="Your tokens" rows={items} columns={COLUMNS} keyOf={({ id }) => id} />
      )
    }
  </Loaded>
);
