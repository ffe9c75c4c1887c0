import { useQueryClient } from '@tanstack/react-query';
import { call, type CallInput } from '../../api/call';
import { Problem } from '../../api/problem';
import { TextField } from '../../kit/field';
import { useForm } from '../../kit/form';
import { FormDialog } from '../../kit/form-dialog';
import { toastDone } from '../../kit/toast';
import { ChooseRoles } from '../role/choose-roles';
import { secretQueries, type Secret } from './secret.queries';

interface PutSecretProps {
  /** The secret to change; a new one without it. */
  secret?: Secret;
  onClose: () => void;
}

/** Makes a secret. Rejects where one has the name: its value would be lost. */
async function create(name: string, body: CallInput<'PUT /admin/secrets/:name'>['body']): Promise<void> {
  try {
    await call('PUT /admin/secrets/:name', { params: { name }, body, ifMatch: 0 });
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'stale_revision') throw error;
    const issue = { pointer: '#/path/name', code: 'name_taken', message: 'already exists: change it on its own page' };
    throw new Problem(error.status, 'name_taken', `A secret ${name} exists.`, error.requestId, [issue]);
  }
}

/** Makes a secret, or changes one. The value lives in this dialog alone. */
export function PutSecret({ secret, onClose }: PutSecretProps) {
  const client = useQueryClient();
  const form = useForm({
    name: secret?.name ?? '',
    value: '',
    description: secret?.description ?? '',
    roles: secret?.roles ?? [],
  });
  const { values, field } = form;
  const put = async (): Promise<void> => {
    const isDone = await form.send(({ name, value, description, roles }) => {
      const body = { ...(value === '' ? {} : { value }), description, roles };
      return secret ? call('PUT /admin/secrets/:name', { params: { name }, body }) : create(name, body);
    });
    if (!isDone) return;
    await client.invalidateQueries({ queryKey: secretQueries.all });
    toastDone(
      values.value === '' ? `Saved ${values.name}.` : `Stored the value of ${values.name}. Calls use it at once.`,
    );
    onClose();
  };
  return (
    <FormDialog
      title={secret ? `Change ${secret.name}` : 'New secret'}
      verb={secret ? 'Save' : 'Create'}
      form={form}
      isReady={values.name !== '' && (secret !== undefined || values.value !== '')}
      onSend={() => void put()}
      onClose={onClose}
    >
      {!secret && (
        <TextField
          label="Name"
          hint="As code names it, such as SHOP_TOKEN"
          isCode
          autoFocus
          autoComplete="off"
          {...field('name', '/path/name')}
        />
      )}
      <TextField
        label={secret ? 'New value' : 'Value'}
        hint={secret ? 'Empty: the value stays as it is' : 'It is stored encrypted and never shown again'}
        type="password"
        autoComplete="off"
        autoFocus={secret !== undefined}
        {...field('value')}
      />
      <TextField label="Description" {...field('description')} />
      <ChooseRoles
        label="Roles"
        hint="Whose users may change it, and use it as executors of endpoints. None: every executor, every developer"
        placeholder="none"
        {...field('roles')}
      />
    </FormDialog>
  );
}
