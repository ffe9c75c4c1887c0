import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../../api/call';
import { RadioField } from '../../kit/choice-field';
import { EXPIRIES, expiryOf, type Expiry } from '../../kit/expiry.rules';
import { TextField } from '../../kit/field';
import { useForm } from '../../kit/form';
import { FormDialog } from '../../kit/form-dialog';
import { ShownOnce } from '../../kit/shown-once';
import { ChooseRoles } from '../role/choose-roles';
import { tokenQueries } from './token.queries';

/** Makes a token for a caller of endpoints, and shows its value once. */
export function CreateCallerToken({ onClose }: { onClose: () => void }) {
  const client = useQueryClient();
  const form = useForm({ name: '', roles: [] as string[], expiry: '90' as Expiry });
  const { values, set, errorAt } = form;
  const [value, setValue] = useState<string | null>(null);
  const create = (): Promise<boolean> =>
    form.send(async ({ expiry, ...body }) => {
      const made = await call('POST /admin/tokens', { body: { ...body, expiresAt: expiryOf(expiry, Date.now()) } });
      setValue(made.token);
      await client.invalidateQueries({ queryKey: tokenQueries.all });
    });
  if (value !== null) return <ShownOnce title={`Token “${values.name}”`} value={value} onDone={onClose} />;
  return (
    <FormDialog
      title="New token of a caller"
      verb="Create"
      form={form}
      isReady={values.name !== ''}
      onSend={() => void create()}
      onClose={onClose}
    >
      <TextField
        label="Name"
        hint="Whose token it is"
        autoFocus
        value={values.name}
        onChange={(name) => set('name', name)}
        error={errorAt('/name')}
      />
      <ChooseRoles
        label="Roles"
        hint="What endpoints check"
        placeholder="none"
        value={values.roles}
        onChange={(roles) => set('roles', roles)}
        error={errorAt('/roles')}
      />
      <RadioField
        label="Expires"
        options={EXPIRIES}
        value={values.expiry}
        onChange={(expiry) => set('expiry', expiry)}
        error={errorAt('/expiresAt')}
      />
    </FormDialog>
  );
}
