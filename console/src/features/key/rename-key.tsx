import { useQueryClient } from '@tanstack/react-query';
import { call } from '../../api/call';
import { TextField } from '../../kit/field';
import { useForm } from '../../kit/form';
import { FormDialog } from '../../kit/form-dialog';
import { toastDone } from '../../kit/toast';
import { keyQueries, type Key } from './key.queries';

/** Gives a key another alias. Its value and its endpoints stay. */
export function RenameKey({ value: key, onClose }: { value: Key; onClose: () => void }) {
  const client = useQueryClient();
  const form = useForm({ alias: key.alias });
  const rename = async (): Promise<void> => {
    const isDone = await form.send((body) =>
      call('PATCH /admin/keys/:id', { params: { id: key.id }, body, ifMatch: key.revision }),
    );
    if (!isDone) return;
    await client.invalidateQueries({ queryKey: keyQueries.all });
    toastDone(`Renamed ${key.alias} to ${form.values.alias}.`);
    onClose();
  };
  return (
    <FormDialog
      title={`Rename ${key.alias}`}
      verb="Rename"
      form={form}
      isReady={form.values.alias !== '' && form.values.alias !== key.alias}
      onSend={() => void rename()}
      onClose={onClose}
    >
      <TextField label="Alias" autoFocus {...form.field('alias')} />
    </FormDialog>
  );
}
