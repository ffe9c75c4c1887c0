import { useQueryClient } from '@tanstack/react-query';
import { Form } from 'react-aria-components';
import { call } from '../../api/call';
import { useRights } from '../../api/session';
import { Button } from '../../kit/button';
import { Conflict } from '../../kit/conflict';
import { TextField } from '../../kit/field';
import { Notice } from '../../kit/notice';
import { Section } from '../../kit/page';
import { useRevisedForm } from '../../kit/revised-form';
import { toastDone } from '../../kit/toast';
import { useActions } from '../../shell/actions';
import { ChooseRoles } from '../role/choose-roles';
import { roleQueries } from '../role/role.queries';
import styles from './user.module.css';
import { userQueries, type User } from './user.queries';

const toValues = ({ name, roles }: User) => ({ name, roles });

/** Name and roles of a user. Roles count on the next request. */
export function EditPerson({ user }: { user: User }) {
  const { whyNot } = useRights();
  const client = useQueryClient();
  const { id } = user;
  const edited = useRevisedForm({
    object: user,
    toValues,
    save: (body, revision): Promise<User> =>
      call('PATCH /admin/users/:id', { params: { id }, body, ifMatch: revision }),
    reread: () => client.fetchQuery({ ...userQueries.one(id), staleTime: 0 }),
  });
  const { form, base, theirs } = edited;
  const save = async (): Promise<void> => {
    if (!(await edited.save())) return;
    toastDone(`Saved ${form.values.name}.`);
    await client.invalidateQueries({ queryKey: userQueries.all });
    await client.invalidateQueries({ queryKey: roleQueries.all });
  };
  const reason = whyNot('user.write');
  useActions(reason ? [] : [{ id: 'save', label: 'Save the person', keys: 'Mod+S', run: () => void save() }]);
  return (
    <Section title="Name and roles">
      <Form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <TextField
          label="Name"
          isReadOnly={reason !== undefined}
          value={form.values.name}
          onChange={(name) => form.set('name', name)}
          error={form.errorAt('/name')}
        />
        <ChooseRoles
          label="Roles"
          placeholder="none"
          isDisabled={reason !== undefined}
          value={form.values.roles}
          onChange={(roles) => form.set('roles', roles)}
          error={form.errorAt('/roles')}
        />
        {form.problem && theirs === null && form.errorAt('') === undefined && (
          <Notice tone="bad">{form.problem.message}</Notice>
        )}
        <p className={styles.bar}>
          <Button type="submit" tone="primary" reason={reason} isPending={form.isPending}>
            Save
          </Button>
          <span role="status">{form.isChanged ? 'Not saved' : ''}</span>
        </p>
      </Form>
      {theirs && (
        <Conflict
          what={base.name}
          labels={{ name: 'Name', roles: 'Roles' }}
          base={toValues(base)}
          mine={form.values}
          theirs={toValues(theirs)}
          onCancel={edited.cancel}
          onResolve={edited.resolve}
        />
      )}
    </Section>
  );
}
