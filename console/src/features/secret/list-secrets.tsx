import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { rolesFor, useRights } from '../../api/session';
import { Badge } from '../../kit/badge';
import { Button } from '../../kit/button';
import { Page } from '../../kit/page';
import { PagedTable } from '../../kit/paged-table';
import { Empty, NoRight } from '../../kit/state';
import type { Column } from '../../kit/table';
import { Time } from '../../kit/time';
import { useActions } from '../../shell/actions';
import { PutSecret } from './put-secret';
import { secretQueries, type Secret } from './secret.queries';

const COLUMNS: readonly Column<Secret>[] = [
  {
    id: 'name',
    header: 'Name',
    cell: ({ name }) => (
      <Link to="/secrets/$name" params={{ name }} data-row="">
        <code>{name}</code>
      </Link>
    ),
  },
  { id: 'value', header: 'Value', cell: ({ version }) => <SecretState version={version} /> },
  { id: 'description', header: 'Description', shown: 'medium', cell: ({ description }) => description },
  { id: 'roles', header: 'Roles', shown: 'wide', cell: ({ roles }) => roles.join(', ') || 'every executor' },
  { id: 'changed', header: 'Changed', shown: 'medium', cell: ({ updatedAt }) => <Time at={updatedAt} /> },
];

export const SecretState = ({ version }: Pick<Secret, 'version'>) =>
  version === 0 ? <Badge tone="warn">no value yet</Badge> : <Badge>v{version}</Badge>;

/** All secrets, without their values: no screen and no answer of the service has these. */
export function ListSecrets() {
  const { may, whyNot } = useRights();
  const [isCreating, setCreating] = useState(false);
  const query = useInfiniteQuery({ ...secretQueries.list, enabled: may('secret.read') });
  const create = (): void => setCreating(true);
  useActions(may('secret.write') ? [{ id: 'new', label: 'New secret', keys: 'n', run: create }] : []);
  const button = (
    <Button tone="primary" icon={<Plus />} reason={whyNot('secret.write')} onPress={create}>
      New secret
    </Button>
  );
  return (
    <Page title="Secrets" actions={button}>
      {may('secret.read') ? (
        <PagedTable
          label="Secrets"
          words={['secret', 'secrets']}
          query={query}
          columns={COLUMNS}
          keyOf={({ name }) => name}
          empty={
            <Empty title="No secret yet" action={button}>
              A secret is a value that handlers use and that is never shown, such as the password of another service. An
              endpoint lists the secrets that its handler gets.
            </Empty>
          }
        />
      ) : (
        <NoRight what="secrets" roles={rolesFor('secret.read')} />
      )}
      {isCreating && <PutSecret onClose={() => setCreating(false)} />}
    </Page>
  );
}
