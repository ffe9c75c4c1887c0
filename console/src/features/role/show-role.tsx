import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { call } from '../../api/call';
import { useRights } from '../../api/session';
import { Badge } from '../../kit/badge';
import { Button } from '../../kit/button';
import { EditDialog } from '../../kit/edit-dialog';
import { TextField } from '../../kit/field';
import { Facts, Page, Section } from '../../kit/page';
import { Loaded } from '../../kit/state';
import { Time } from '../../kit/time';
import { toastDone } from '../../kit/toast';
import { DeleteUsed } from '../use/delete-used';
import { ListUses } from '../use/list-uses';
import { permissionsOf } from './permission.rules';
import { roleQueries, type Role } from './role.queries';

const route = getRouteApi('/roles/$name');
const HOLDERS: readonly string[] = ['user', 'token', 'key'];

/** One role: who has it, and what it opens. */
export function ShowRole() {
  const { name } = route.useParams();
  const query = useQuery(roleQueries.one(name));
  const uses = useQuery(roleQueries.uses(name));
  const role = query.data;
  return (
    <Page
      title={name}
      beside={role?.builtIn && <Badge tone="info">built in</Badge>}
      actions={role && !role.builtIn && <Actions role={role} />}
    >
      <Loaded query={query} what="the role">
        {({ description, builtIn, createdAt }) => (
          <>
            <Section title="Role">
              <Facts
                facts={[
                  ['Description', description || 'none'],
                  ['Created', createdAt === null ? 'built in' : <Time key="created" at={createdAt} />],
                ]}
              />
            </Section>
            <ListUses
              title="Who has it"
              query={uses}
              none="No person, token or key has it."
              only={({ noun }) => HOLDERS.includes(noun)}
            />
            <ListUses
              title="What it opens"
              query={uses}
              none="No endpoint, table or secret names it."
              only={({ noun }) => !HOLDERS.includes(noun)}
            />
            {builtIn && (
              <Section title="What it permits here">
                <Facts facts={permissionsOf(name).map(([noun, acts]) => [noun, acts.join(', ')] as const)} />
              </Section>
            )}
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Actions({ role }: { role: Role }) {
  const { whyNot } = useRights();
  const reason = whyNot('role.write');
  const [asks, setAsks] = useState<'describe' | 'delete' | null>(null);
  const uses = useQuery(roleQueries.uses(role.name));
  const close = (): void => setAsks(null);
  return (
    <>
      <Button reason={reason} onPress={() => setAsks('describe')}>
        Describe…
      </Button>
      <Button tone="danger" reason={reason} onPress={() => setAsks('delete')}>
        Delete…
      </Button>
      {asks === 'describe' && <DescribeRole role={role} onClose={close} />}
      {asks === 'delete' && (
        <DeleteUsed
          noun="role"
          name={role.name}
          uses={uses}
          advice="It cannot be undone. A role that is in use is taken from its holders, endpoints, tables and secrets first."
          remove={() => call('DELETE /admin/roles/:name', { params: { name: role.name }, ifMatch: role.revision })}
          queryKey={roleQueries.all}
          list="/roles"
          onClose={close}
        />
      )}
    </>
  );
}

const toValues = ({ description }: Role) => ({ description });

function DescribeRole({ role, onClose }: { role: Role; onClose: () => void }) {
  const client = useQueryClient();
  const { name } = role;
  return (
    <EditDialog
      title={`Describe ${name}`}
      what={`The role ${name}`}
      labels={{ description: 'Description' }}
      object={role}
      toValues={toValues}
      save={(body, { revision }): Promise<Role> =>
        call('PATCH /admin/roles/:name', { params: { name }, body, ifMatch: revision })
      }
      reread={() => client.fetchQuery({ ...roleQueries.one(name), staleTime: 0 })}
      onSaved={() => {
        toastDone('Saved the description.');
        return client.invalidateQueries({ queryKey: roleQueries.all });
      }}
      onClose={onClose}
    >
      {(form) => <TextField label="Description" autoFocus {...form.field('description')} />}
    </EditDialog>
  );
}
