import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../../api/call';
import { Button } from '../../kit/button';
import { RadioField } from '../../kit/choice-field';
import { Dialog } from '../../kit/dialog';
import { TextField } from '../../kit/field';
import { useForm } from '../../kit/form';
import { Notice } from '../../kit/notice';
import { keyQueries, type Key } from './key.queries';
import { ShownOnce } from '../../kit/shown-once';

type Grace = '0' | '3600' | '86400';
const GRACES: readonly { value: Grace; label: string }[] = [
  { value: '0', label: 'stops at once' },
  { value: '3600', label: 'works for one more hour' },
  { value: '86400', label: 'works for 24 more hours' },
];

/** Copies a value. Resolves to false where the browser does not let the page: the dialog has a button for it. */
const copied = (value: string): Promise<boolean> =>
  navigator.clipboard.writeText(value).then(
    () => true,
    () => false,
  );

/** Gives a key a new value. The old one stops at once, or works on for a while. */
export function RotateKey({ value: key, onClose }: { value: Key; onClose: () => void }) {
  const client = useQueryClient();
  const form = useForm({ value: '', grace: '0' as Grace });
  const [made, setMade] = useState<{ value: string; isCopied: boolean } | null>(null);
  const rotate = (): Promise<boolean> =>
    form.send(async ({ value: own, grace }) => {
      const answer = await call('PATCH /admin/keys/:id', {
        params: { id: key.id },
        body: { key: own === '' ? true : own, graceSeconds: Number(grace) },
        ifMatch: key.revision,
      });
      if (!('key' in answer)) return;
      // The new revision is known at once; the value stays out of the cache.
      const { key: value, ...saved } = answer;
      client.setQueryData(keyQueries.one(key.id).queryKey, saved);
      if (value !== null) setMade({ value, isCopied: await copied(value) });
    });
  const close = (): void => {
    void client.invalidateQueries({ queryKey: keyQueries.all });
    onClose();
  };
  if (made) return <ShownOnce title={`Key “${key.alias}”`} {...made} onDone={close} />;
  const actions = (
    <>
      <Button onPress={onClose}>Cancel</Button>
      <Button tone="danger" isPending={form.isPending} onPress={() => void rotate()}>
        Rotate and copy
      </Button>
    </>
  );
  return (
    <Dialog title={`Rotate the key ${key.alias}?`} isOpen onClose={onClose} actions={actions}>
      <p>The key gets a new value.</p>
      <TextField
        label="New value"
        hint="Empty: a generated one"
        type="password"
        autoComplete="off"
        {...form.field('value', '/key')}
      />
      <RadioField label="The old value" options={GRACES} {...form.field('grace', '/graceSeconds')} />
      {form.problem && <Notice tone="bad">{form.problem.message}</Notice>}
    </Dialog>
  );
}
