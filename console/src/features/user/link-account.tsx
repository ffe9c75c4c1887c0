import { useQuery, useQueryClient } from '@tanstack/react-query';
import { call } from '../../api/call';
import { TextField } from '../../kit/field';
import { useForm } from '../../kit/form';
import { FormDialog } from '../../kit/form-dialog';
import { SelectField } from '../../kit/select-field';
import { Loaded } from '../../kit/state';
import { toastDone } from '../../kit/toast';
import { providerQueries } from '../provider/provider.queries';
import { userQueries, type User } from './user.queries';

/** Lets a person sign in with an account of an identity provider. */
export function LinkAccount({ user, onClose }: { user: User; onClose: () => void }) {
  const client = useQueryClient();
  const providers = useQuery(providerQueries.list);
  const form = useForm({ provider: '', subject: '' });
  const { values, field } = form;
  const link = async (): Promise<void> => {
    const send = (body: typeof values) => call('POST /admin/users/:id/identities', { params: { id: user.id }, body });
    if (!(await form.send(send))) return;
    toastDone(`${user.name} may sign in with this account.`);
    onClose();
    await client.invalidateQueries({ queryKey: userQueries.all });
  };
  return (
    <FormDialog
      title={`Link an account to ${user.name}`}
      verb="Link"
      form={form}
      isReady={values.provider !== '' && values.subject !== ''}
      onSend={() => void link()}
      onClose={onClose}
    >
      <Loaded query={providers} what="providers">
        {({ items }) =>
          items.length === 0 ? (
            <p>There is no identity provider yet: add one under People.</p>
          ) : (
            <SelectField
              label="Provider"
              options={items.map(({ name, label }) => ({ value: name, label }))}
              {...field('provider')}
            />
          )
        }
      </Loaded>
      <TextField
        label="Subject"
        hint="The claim sub of this person there"
        isCode
        autoComplete="off"
        {...field('subject')}
      />
    </FormDialog>
  );
}
