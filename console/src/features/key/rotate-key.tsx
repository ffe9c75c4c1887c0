import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../../api/call';
import { Button } from '../../kit/button';
import { Dialog } from '../../kit/dialog';
import { useForm } from '../../kit/form';
import { Notice } from '../../kit/notice';
import { keyQueries, type Key } from './key.queries';
import { ShownOnce } from './shown-once';

/** Gives a key a new value. The old one stops at once. */
export function RotateKey({ value: key, onClose }: { value: Key; onClose: () => void }) {
  const client = useQueryClient();
  const form = useForm({});
  const [made, setMade] = useState<string | null>(null);
  const rotate = (): Promise<boolean> =>
    form.send(async () => {
      const answer = await call('PATCH /admin/keys/:id', {
        params: { id: key.id },
        body: { key: true },
        ifMatch: key.revision,
      });
      if ('key' in answer && answer.key !== null) setMade(answer.key);
    });
  // The new revision is read when the dialog closes: until then it belongs to this one.
  const close = (): void => {
    void client.invalidateQueries({ queryKey: keyQueries.all });
    onClose();
  };
  if (made !== null) return <ShownOnce title={`Key “${key.alias}”`} value={made} onDone={close} />;
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
      <p>The key gets a new value, and the old value stops at once.</p>
      {form.problem && <Notice tone="bad">{form.problem.message}</Notice>}
    </Dialog>
  );
}
