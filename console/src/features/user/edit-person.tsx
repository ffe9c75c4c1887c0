import { useQueryClient } from '@tanstack/react-query';
import { call } from '../../api/call';
import { EditSection } from '../../kit/edit-section';
import { TextField } from '../../kit/field';
import { ChooseRoles } from '../role/choose-roles';
import { roleQueries } from '../role/role.queries';
import { userQueries, type User } from './user.queries';

/** Name and roles of a user. Roles count on the next request. */
export function EditPerson({ user }: { user: User }) {
  const client = useQueryClient();
  const { id } = user;
  return (
    <EditSection
      title="Name and roles"
      permission="user.write"
      what="the person"
      object={user}
      nameOf={({ name }) => name}
      labels={{ name: 'Name', roles: 'Roles' }}
      toValues={({ name, roles }) => ({ name, roles })}
      save={(body, { revision }): Promise<User> =>
        call('PATCH /admin/users/:id', { params: { id }, body, ifMatch: revision })
      }
      reread={() => client.fetchQuery({ ...userQueries.one(id), staleTime: 0 })}
      saved={({ name }) => `Saved ${name}.`}
      onSaved={async () => {
        await client.invalidateQueries({ queryKey: userQueries.all });
        await client.invalidateQueries({ queryKey: roleQueries.all });
      }}
    >
      {(form, reason) => (
        <>
          <TextField label="Name" isReadOnly={reason !== undefined} {...form.field('name')} />
          <ChooseRoles label="Roles" placeholder="none" isDisabled={reason !== undefined} {...form.field('roles')} />
        </>
      )}
    </EditSection>
  );
}
