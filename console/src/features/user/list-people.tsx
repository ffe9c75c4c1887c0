import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Plus, UserPlus } from 'lucide-react';
import { useState } from 'react';
import { rolesFor, useRights } from '../../api/session';
import { Button } from '../../kit/button';
import { Page } from '../../kit/page';
import { PagedTable } from '../../kit/paged-table';
import { NoRight } from '../../kit/state';
import type { Column } from '../../kit/table';
import { Tabs } from '../../kit/tabs';
import { Time } from '../../kit/time';
import { useActions } from '../../shell/actions';
import { Providers } from '../provider/list-providers';
import { PutProvider } from '../provider/put-provider';
import { InvitePerson } from './invite-person';
import { PersonState } from './person-state';
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

const route = getRouteApi('/people');
const providerRoute = getRouteApi('/providers/$name');
const TABS = [
  { id: 'people', label: 'People' },
  { id: 'providers', label: 'Identity providers' },
];

/** All users, people and executors alike, and the identity providers with which they sign in. */
export function ListPeople() {
  const { tab = 'people' } = route.useSearch();
  return tab === 'people' ? <People /> : <IdentityProviders />;
}

/** The identity providers, with one of them open: the address of the audit trail. */
export function ShowProvider() {
  const { name } = providerRoute.useParams();
  return <IdentityProviders key={name} opened={name} />;
}

function People() {
  const { may, whyNot } = useRights();
  const [isInviting, setInviting] = useState(false);
  const query = useInfiniteQuery({ ...userQueries.list, enabled: may('user.read') });
  const invite = (): void => setInviting(true);
  useActions(may('user.write') ? [{ id: 'new', label: 'Invite a person', keys: 'n', run: invite }] : []);
  return (
    <Page
      title="People"
      below={<Tabs label="People" tabs={TABS} current="people" />}
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

function IdentityProviders({ opened }: { opened?: string }) {
  const { may, whyNot } = useRights();
  const [isAdding, setAdding] = useState(false);
  const add = (): void => setAdding(true);
  useActions(may('provider.write') ? [{ id: 'new', label: 'New provider', keys: 'n', run: add }] : []);
  const button = (
    <Button tone="primary" icon={<Plus />} reason={whyNot('provider.write')} onPress={add}>
      New provider
    </Button>
  );
  return (
    <Page title="People" actions={button} below={<Tabs label="People" tabs={TABS} current="providers" to="/people" />}>
      {may('provider.read') ? (
        <Providers button={button} opened={opened} />
      ) : (
        <NoRight what="identity providers" roles={rolesFor('provider.read')} />
      )}
      {isAdding && <PutProvider onClose={() => setAdding(false)} />}
    </Page>
  );
}
