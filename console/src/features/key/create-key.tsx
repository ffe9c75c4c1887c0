import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Form } from 'react-aria-components';
import { call } from '../../api/call';
import { Button } from '../../kit/button';
import { Dialog } from '../../kit/dialog';
import { TextField } from '../../kit/field';
import { useForm } from '../../kit/form';
import { Notice } from '../../kit/notice';
import { EXPIRIES, expiryOf, type Expiry } from './expiry.rules';
import { keyQueries } from './key.queries';
import { RadioField } from '../../kit/choice-field';
import { ShownOnce } from './shown-once';

/** Makes a key, and shows its value once. */
export function CreateKey({ onClose }: { onClose: () => void }) {
  const client = useQueryClient();
  const form = useForm({ alias: '', expiry: 'never' as Expiry });
  const [made, setMade] = useState<{ alias: string; value: string } | null>(null);
  const { values, set, errorAt } = form;
  const create = (): Promise<boolean> =>
    form.send(async ({ alias, expiry }) => {
      // Without an Idempotency-Key: the answer to a repeat has no value.
      const key = await call('POST /admin/keys', { body: { alias, expiresAt: expiryOf(expiry, Date.now()) } });
      if (key.key !== null) setMade({ alias, value: key.key });
      await client.invalidateQueries({ queryKey: keyQueries.all });
    });
  if (made) return <ShownOnce title={`Key “${made.alias}”`} value={made.value} onDone={onClose} />;
  return (
    <Dialog title="New key" isOpen onClose={onClose}>
      <Form
        onSubmit={(event) => {
          event.preventDefault();
          void create();
        }}
        style={{ display: 'grid', gap: 16 }}
      >
        <TextField
          label="Alias"
          hint="Whose key it is, or what it is for"
          autoFocus
          value={values.alias}
          onChange={(alias) => set('alias', alias)}
          error={errorAt('/alias')}
        />
        <RadioField
          label="Expires"
          options={EXPIRIES}
          value={values.expiry}
          onChange={(expiry) => set('expiry', expiry)}
          error={errorAt('/expiresAt')}
        />
        {form.problem && errorAt('') === undefined && <Notice tone="bad">{form.problem.message}</Notice>}
        <p>
          <Button type="submit" tone="primary" isPending={form.isPending} isDisabled={values.alias === ''}>
            Create
          </Button>
        </p>
      </Form>
    </Dialog>
  );
}
