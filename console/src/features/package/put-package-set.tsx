import { useQueryClient } from '@tanstack/react-query';
import { call } from '../../api/call';
import { TextField } from '../../kit/field';
import { useForm } from '../../kit/form';
import { FormDialog } from '../../kit/form-dialog';
import { toastDone } from '../../kit/toast';
import { packageQueries } from './package.queries';

const namesOf = (text: string): string[] =>
  text
    .split(/[\s,]*\n[\s,]*|\s+(?=[A-Za-z])/)
    .map((one) => one.trim())
    .filter((one) => one !== '');

/** Makes a set of uploaded packages, or another one under its name. It takes some seconds. */
export function PutPackageSet({ onClose }: { onClose: () => void }) {
  const client = useQueryClient();
  const form = useForm({ name: '', requirements: '' });
  const { values, set, errorAt } = form;
  const put = async (): Promise<void> => {
    const isDone = await form.send(({ name, requirements }) =>
      call('PUT /admin/package-sets/:name', { params: { name }, body: { requirements: namesOf(requirements) } }),
    );
    if (!isDone) return;
    await client.invalidateQueries({ queryKey: packageQueries.all });
    toastDone(`Made the set ${values.name}. Scripts that declare its packages get it when they are saved.`);
    onClose();
  };
  return (
    <FormDialog
      title="New package set"
      verb="Make the set"
      form={form}
      isReady={values.name !== '' && namesOf(values.requirements).length > 0}
      onSend={() => void put()}
      onClose={onClose}
    >
      <TextField
        label="Name"
        hint="A set that has the name is replaced for handlers that are saved from now on"
        isCode
        autoFocus
        autoComplete="off"
        value={values.name}
        onChange={(name) => set('name', name)}
        error={errorAt('/path/name')}
      />
      <TextField
        label="Packages"
        hint="Of those that were uploaded, such as six>=1.17; what they need is added. Separate several by spaces"
        isCode
        autoComplete="off"
        value={values.requirements}
        onChange={(requirements) => set('requirements', requirements)}
        error={errorAt('/requirements')}
      />
    </FormDialog>
  );
}
