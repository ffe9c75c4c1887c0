import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../../api/call';
import { Button } from '../../kit/button';
import { RadioField } from '../../kit/choice-field';
import { Dialog } from '../../kit/dialog';
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

/** Gives a key a new value. The old one stops at once, or works on for a while. */
export function RotateKey({ value: key, onClose }: { value: Key; onClose: () => void }) {
  const client = useQueryClient();
  const form = useForm({ grace: '0' as Grace });
  const [value, setValue] = useState<string | null>(null);
  const rotate = (): Promise<boolean> =>
    form.send(async ({ grace }) => {
      const answer = await call('PATCH /admin/keys/:id', {
        params: { id: key.id },
        body: { key: true, graceSeconds: Number(grace) },
        ifMatch: key.revision,
      });
      if (!('key' in answer)) return;
      // The new revision is known at once; the value stays out of the cache.
      const { key: made, ...saved } = answer;
      client.setQueryData(keyQueries.one(key.id).queryKey, saved);
      setValue(made);
    });
  const close = (): void => {
    void client.invalidateQueries({ queryKey: keyQueries.all });
    onClose();
  };
  if (value !== null) return <ShownOnce title={`Key “${key.alias}”`} value={value} onDone={close} />;
  const actions = (
    <>
      <Button onPress={onClose}>Cancel</Button>
      <Button tone="danger" isPending={form.isPending} onPress={() => void rotate()}>
        Rotate
      </Button>
    </>
  );
  return (
    <Dialog title={`Rotate the key ${key.alias}?`} isOpen onClose={onClose} actions={actions}>
      <p>The key gets a new value.</p>
      <RadioField
        label="The old value"
        options={GRACES}
        value={form.values.grace}
        onChange={(grace) => form.set('grace', grace)}
        error={form.errorAt('/graceSeconds')}
      />
      {form.problem && <Notice tone="bad">{form.problem.message}</Notice>}
    </Dialog>
  );
}
