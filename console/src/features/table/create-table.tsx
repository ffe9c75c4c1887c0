import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { call } from '../../api/call';
import { RadioField } from '../../kit/choice-field';
import { TextField } from '../../kit/field';
import { useForm } from '../../kit/form';
import { FormDialog } from '../../kit/form-dialog';
import { tableQueries } from './table.queries';

const ID_TYPES = [
  { value: 'uuid', label: 'UUID', hint: 'In the order of their time' },
  { value: 'integer', label: 'Number', hint: 'Counted up, and never used twice' },
] as const;

/** Makes a table, and opens its columns. */
export function CreateTable({ onClose }: { onClose: () => void }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const form = useForm({ schema: 'public', name: '', idType: 'uuid' as 'uuid' | 'integer' });
  const { values, field } = form;
  const create = (): Promise<boolean> =>
    form.send(async (body) => {
      const { id } = await call('POST /admin/tables', { body });
      await client.invalidateQueries({ queryKey: tableQueries.all });
      await navigate({ to: '/tables/$id', params: { id }, search: { tab: 'columns' } });
    });
  return (
    <FormDialog
      title="New table"
      verb="Create"
      form={form}
      isReady={values.name !== ''}
      onSend={() => void create()}
      onClose={onClose}
    >
      <TextField label="Name" hint="Lower case, such as orders" isCode autoFocus {...field('name')} />
      <TextField label="Schema" isCode {...field('schema')} />
      <RadioField label="Ids of rows" options={ID_TYPES} {...field('idType')} />
    </FormDialog>
  );
}
