import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { call, type CallInput } from '../../api/call';
import { useRights } from '../../api/session';
import { Button } from '../../kit/button';
import { CheckField } from '../../kit/choice-field';
import { Question } from '../../kit/dialog';
import { SelectionBar } from '../../kit/selection-bar';
import { toastDone, toastFailed } from '../../kit/toast';
import { keyQueries, type Key } from './key.queries';

type Change = CallInput<'POST /admin/keys/bulk'>['body']['change'];

/** Keys of one request. */
const MANY = 50;

/** Acts on several keys at once. A refusal of one does not stop the others. */
export function ActOnKeys({ keys, onDone }: { keys: readonly Key[]; onDone: () => void }) {
  const { whyNot } = useRights();
  const client = useQueryClient();
  const [isAsking, setAsking] = useState(false);
  const [isForced, setForced] = useState(false);
  const [isPending, setPending] = useState(false);
  const reason = whyNot('key.write');
  const act = async (change: Change, verb: string, of: readonly Key[] = keys, undo?: () => void): Promise<void> => {
    setPending(true);
    try {
      let count = 0;
      for (let at = 0; at < of.length; at += MANY) {
        const ids = of.slice(at, at + MANY).map(({ id }) => id);
        const { items, done } = await call('POST /admin/keys/bulk', { body: { ids, change } });
        count += done;
        for (const { id, message } of items.filter((item) => !item.done))
          toastFailed(new Error(`${of.find((key) => key.id === id)!.alias}: ${message}`));
      }
      if (count > 0) toastDone(`${verb} ${countOf(count)}.`, undo);
    } catch (error) {
      toastFailed(error);
    }
    await client.invalidateQueries({ queryKey: keyQueries.all });
    setPending(false);
    setAsking(false);
    onDone();
  };
  const turn = (active: boolean): void => {
    const changed = keys.filter((key) => key.active !== active);
    if (changed.length === 0) return onDone();
    void act(
      { do: 'switch', active },
      active ? 'Switched on' : 'Switched off',
      changed,
      () => void act({ do: 'switch', active: !active }, active ? 'Switched off' : 'Switched on', changed),
    );
  };
  return (
    <SelectionBar count={countOf(keys.length)} onClear={onDone}>
      <Button reason={reason} isPending={isPending} onPress={() => turn(false)}>
        Switch off
      </Button>
      <Button reason={reason} isPending={isPending} onPress={() => turn(true)}>
        Switch on
      </Button>
      <Button tone="danger" reason={reason} onPress={() => setAsking(true)}>
        Delete…
      </Button>
      <Question
        title={`Delete ${countOf(keys.length)}?`}
        verb="Delete"
        isOpen={isAsking}
        isPending={isPending}
        onClose={() => setAsking(false)}
        onConfirm={() => void act({ do: 'delete', force: isForced }, 'Deleted')}
      >
        <p>It cannot be undone. Those that an endpoint accepts stay, and you see which.</p>
        <CheckField isSelected={isForced} onChange={setForced}>
          Delete those too. Endpoints without another key then accept no calls by key.
        </CheckField>
      </Question>
    </SelectionBar>
  );
}

const countOf = (count: number): string => `${count} ${count === 1 ? 'key' : 'keys'}`;
