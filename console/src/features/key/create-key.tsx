import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../../api/call';
import { TextField } from '../../kit/field';
import { useForm } from '../../kit/form';
import { FormDialog } from '../../kit/form-dialog';
import { EXPIRIES, expiryOf, type Expiry } from '../../kit/expiry.rules';
import { keyQueries } from './key.queries';
import { RadioField } from '../../kit/choice-field';
import { ShownOnce } from '../../kit/shown-once';

/** Makes a key, and shows its value once. */
export function CreateKey({ onClose }: { onClose: () => void }) {
  const client = useQueryClient();
  const form = useForm({ alias: '', value: '', expiry: 'never' as Expiry });
  const [made, setMade] = useState<{ alias: string; value: string } | null>(null);
  const { values, set, errorAt } = form;
  const create = (): Promise<boolean> =>
    form.send(async ({ alias, value, expiry }) => {
      // Without an Idempotency-Key: the answer to a repeat has no value.
      const key = await call('POST /admin/keys', {
        body: { alias, ...(value === '' ? {} : { key: value }), expiresAt: expiryOf(expiry, Date.now()) },
      });
      if (key.key !== null) setMade({ alias, value: key.key });
      await client.invalidateQueries({ queryKey: keyQueries.all });
    });
  if (made) return <ShownOnce title={`Key “${made.alias}”`} value={made.value} onDone={onClose} />;
  return (
    <FormDialog
      title="New key"
      verb="Create"
      form={form}
      isReady={values.alias !== ''}
      onSend={() => void create()}
      onClose={onClose}
    >
      <TextField
        label="Alias"
        hint="Whose key it is, or what it is for"
        autoFocus
        value={values.alias}
        onChange={(alias) => set('alias', alias)}
        error={errorAt('/alias')}
      />
      <TextField
        label="Value"
        hint="Empty: a generated one. Your own has 32 characters or more"
        type="password"
        autoComplete="off"
        value={values.value}
        onChange={(value) => set('value', value)}
        error={errorAt('/key')}
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
