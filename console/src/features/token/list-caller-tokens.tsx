import { useInfiniteQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { call } from '../../api/call';
import { PagedTable } from '../../kit/paged-table';
import { Empty } from '../../kit/state';
import type { Column } from '../../kit/table';
import { Time } from '../../kit/time';
import { RevokeToken } from './revoke-token';
import { tokenQueries, type CallerToken } from './token.queries';

const COLUMNS: readonly Column<CallerToken>[] = [
  { id: 'name', header: 'Name', cell: ({ name }) => name },
  { id: 'roles', header: 'Roles', shown: 'medium', cell: ({ roles }) => roles.join(', ') || 'none' },
  {
    id: 'expires',
    header: 'Expires',
    shown: 'medium',
    cell: ({ expiresAt }) => (expiresAt === null ? 'never' : <Time at={expiresAt} />),
  },
  { id: 'created', header: 'Created', shown: 'wide', cell: ({ createdAt }) => <Time at={createdAt} /> },
  {
    id: 'revoke',
    header: 'End',
    align: 'end',
    cell: ({ id, name, revision }) => (
      <RevokeToken
        name={name}
        permission="token.write"
        revoke={() => call('DELETE /admin/tokens/:id', { params: { id }, ifMatch: revision })}
      />
    ),
  },
];

/** Tokens with which callers open endpoints that want a signed-in caller. */
export const CallerTokens = ({ button }: { button: ReactNode }) => (
  <PagedTable
    label="Tokens of callers"
    words={['token', 'tokens']}
    query={useInfiniteQuery(tokenQueries.ofCallers)}
    columns={COLUMNS}
    keyOf={({ id }) => id}
    empty={
      <Empty title="No caller has a token" action={button}>
        A caller sends it as Authorization: Bearer to endpoints that want a signed-in caller, and to those that need its
        roles.
      </Empty>
    }
  />
);
