import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { call } from '../../api/call';
import { TextField } from '../../kit/field';
import { useForm } from '../../kit/form';
import { FormDialog } from '../../kit/form-dialog';
import { roleQueries } from './role.queries';

/** Makes an application role: a name that endpoints, tables and secrets may require. */
export function CreateRole({ onClose }: { onClose: () => void }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const form = useForm({ name: '', description: '' });
  const { values, field } = form;
  const create = async (): Promise<void> => {
    if (!(await form.send((body) => call('POST /admin/roles', { body })))) return;
    await client.invalidateQueries({ queryKey: roleQueries.all });
    await navigate({ to: '/roles/$name', params: { name: values.name } });
  };
  return (
    <FormDialog
      title="New role"
      verb="Create"
      form={form}
      isReady={values.name !== ''}
      onSend={() => void create()}
      onClose={onClose}
    >
      <TextField
        label="Name"
        hint="Lower case, such as billing. It cannot be changed"
        autoFocus
        isCode
        {...field('name')}
      />
      <TextField label="Description" {...field('description')} />
    </FormDialog>
  );
}
