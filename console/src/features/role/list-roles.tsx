import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
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
import { CreateRole } from './create-role';
import { roleQueries, type Role } from './role.queries';

const COLUMNS: readonly Column<Role>[] = [
  {
    id: 'name',
    header: 'Name',
    cell: ({ name }) => (
      <Link to="/roles/$name" params={{ name }} data-row="">
        {name}
      </Link>
    ),
  },
  { id: 'description', header: 'Description', shown: 'medium', cell: ({ description }) => description },
  {
    id: 'kind',
    header: 'Opens',
    cell: ({ builtIn }) => (builtIn ? <Badge tone="info">the console and the admin API</Badge> : 'what names it'),
  },
  {
    id: 'created',
    header: 'Created',
    shown: 'wide',
    cell: ({ createdAt }) => (createdAt === null ? 'built in' : <Time at={createdAt} />),
  },
];

/** All roles: the built-in ones, and those that endpoints, tables and secrets name. */
export function ListRoles() {
  const { may, whyNot } = useRights();
  const [isCreating, setCreating] = useState(false);
  const query = useInfiniteQuery({ ...roleQueries.list, enabled: may('role.read') });
  const create = (): void => setCreating(true);
  useActions(may('role.write') ? [{ id: 'new', label: 'New role', keys: 'n', run: create }] : []);
  const button = (
    <Button tone="primary" icon={<Plus />} reason={whyNot('role.write')} onPress={create}>
      New role
    </Button>
  );
  return (
    <Page title="Roles" actions={button}>
      {may('role.read') ? (
        <PagedTable
          label="Roles"
          words={['role', 'roles']}
          query={query}
          columns={COLUMNS}
          keyOf={({ name }) => name}
          empty={null}
        />
      ) : (
        <NoRight what="roles" roles={rolesFor('role.read')} />
      )}
      {isCreating && <CreateRole onClose={() => setCreating(false)} />}
    </Page>
  );
}
