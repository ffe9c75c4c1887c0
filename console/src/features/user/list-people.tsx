import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { UserPlus } from 'lucide-react';
import { useState } from 'react';
import { rolesFor, useRights } from '../../api/session';
import { Badge } from '../../kit/badge';
import { Button } from '../../kit/button';
import { Page } from '../../kit/page';
import { PagedTable } from '../../kit/paged-table';
import { NoRight } from '../../kit/state';
import type { Column } from '../../kit/table';
import { Time } from '../../kit/time';
import { useActions } from '../../shell/actions';
import { InvitePerson } from './invite-person';
import { userQueries, type User } from './user.queries';

const COLUMNS: readonly Column<User>[] = [
  {
    id: 'name',
    header: 'Name',
    cell: ({ id, name }) => (
      <Link to="/people/$id" params={{ id }} data-row="">
        {name}
      </Link>
    ),
  },
  { id: 'roles', header: 'Roles', shown: 'medium', cell: ({ roles }) => roles.join(', ') || 'none' },
  { id: 'state', header: 'State', cell: ({ active }) => <PersonState isActive={active} /> },
  { id: 'created', header: 'Created', shown: 'wide', cell: ({ createdAt }) => <Time at={createdAt} /> },
];

export const PersonState = ({ isActive }: { isActive: boolean }) =>
  isActive ? <Badge tone="good">active</Badge> : <Badge>disabled</Badge>;

/** All users, people and executors alike. */
export function ListPeople() {
  const { may, whyNot } = useRights();
  const [isInviting, setInviting] = useState(false);
  const query = useInfiniteQuery({ ...userQueries.list, enabled: may('user.read') });
  const invite = (): void => setInviting(true);
  useActions(may('user.write') ? [{ id: 'new', label: 'Invite a person', keys: 'n', run: invite }] : []);
  return (
    <Page
      title="People"
      actions={
        <Button tone="primary" icon={<UserPlus />} reason={whyNot('user.write')} onPress={invite}>
          Invite
        </Button>
      }
    >
      {may('user.read') ? (
        <PagedTable
          label="People"
          words={['person', 'people']}
          query={query}
          columns={COLUMNS}
          keyOf={({ id }) => id}
          empty={null}
        />
      ) : (
        <NoRight what="people" roles={rolesFor('user.read')} />
      )}
      {isInviting && <InvitePerson onClose={() => setInviting(false)} />}
    </Page>
  );
}
