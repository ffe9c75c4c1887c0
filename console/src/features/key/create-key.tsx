import { useQueryClient } from '@tanstack/react-query';
import { call } from '../../api/call';
import { CreateOnce, ExpiryField } from '../../kit/create-once';
import { expiryOf, type Expiry } from '../../kit/expiry.rules';
import { TextField } from '../../kit/field';
import { useForm } from '../../kit/form';
import { keyQueries } from './key.queries';

/** Makes a key, and shows its value once. */
export function CreateKey({ onClose }: { onClose: () => void }) {
  const client = useQueryClient();
  const form = useForm({ alias: '', key: '', expiresAt: 'never' as Expiry });
  return (
    <CreateOnce
      title="New key"
      form={form}
      isReady={form.values.alias !== ''}
      create={async ({ alias, key, expiresAt }) => {
        const made = await call('POST /admin/keys', {
          body: { alias, ...(key !== '' && { key }), expiresAt: expiryOf(expiresAt, Date.now()) },
        });
        await client.invalidateQueries({ queryKey: keyQueries.all });
        return made.key;
      }}
      madeTitle={`Key “${form.values.alias}”`}
      onClose={onClose}
    >
      <TextField label="Alias" hint="Whose key it is, or what it is for" autoFocus {...form.field('alias')} />
      <TextField
        label="Value"
        hint="Empty: a generated one. Your own has 32 characters or more"
        type="password"
        autoComplete="off"
        {...form.field('key')}
      />
      <ExpiryField {...form.field('expiresAt')} />
    </CreateOnce>
  );
}
