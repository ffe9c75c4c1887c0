import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../../api/call';
import { TextField } from '../../kit/field';
import { useForm } from '../../kit/form';
import { FormDialog } from '../../kit/form-dialog';
import { ChooseRoles } from '../role/choose-roles';
import { newPassword } from './new-password.rules';
import { ShowPassword } from './show-password';
import { userQueries } from './user.queries';

/** Makes a user with a password of its own, and shows what to send to the person. */
export function InvitePerson({ onClose }: { onClose: () => void }) {
  const client = useQueryClient();
  const form = useForm({ name: '', roles: [] as string[] });
  const { values, field } = form;
  const [password, setPassword] = useState<string | null>(null);
  const invite = (): Promise<boolean> =>
    form.send(async (body) => {
      const made = newPassword();
      await call('POST /admin/users', { body: { ...body, password: made } });
      setPassword(made);
      await client.invalidateQueries({ queryKey: userQueries.all });
    });
  if (password !== null) return <ShowPassword name={values.name} password={password} onDone={onClose} />;
  return (
    <FormDialog
      title="Invite a person"
      verb="Invite"
      form={form}
      isReady={values.name !== ''}
      onSend={() => void invite()}
      onClose={onClose}
    >
      <TextField
        label="Name"
        hint="With which they sign in. An email address will do"
        autoFocus
        autoComplete="off"
        {...field('name')}
      />
      <ChooseRoles
        label="Roles"
        hint="developer, operator and viewer open the console; others what names them"
        placeholder="none"
        {...field('roles')}
      />
    </FormDialog>
  );
}
