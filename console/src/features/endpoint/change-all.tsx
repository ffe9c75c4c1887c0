import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { call, type CallInput } from '../../api/call';
import { Button } from '../../kit/button';
import { Dialog } from '../../kit/dialog';
import { TextField } from '../../kit/field';
import { Notice } from '../../kit/notice';
import { SelectField } from '../../kit/select-field';
import { Loaded } from '../../kit/state';
import { toastDone } from '../../kit/toast';
import { MANY, type Change } from './change-endpoints';
import { endpointQueries } from './endpoint.queries';
import styles from './endpoint.module.css';

type Filter = NonNullable<CallInput<'POST /admin/endpoints/bulk'>['body']['filter']>;
type Verb = 'off' | 'on' | 'move' | 'delete';

const VERBS: Record<Verb, { label: string; done: string; change: (folder: string) => Change }> = {
  off: { label: 'Switch off', done: 'Switched off', change: () => ({ do: 'switch', active: false }) },
  on: { label: 'Switch on', done: 'Switched on', change: () => ({ do: 'switch', active: true }) },
  move: { label: 'Move to folder', done: 'Moved', change: (folder) => ({ do: 'move', folder }) },
  delete: { label: 'Delete', done: 'Deleted', change: () => ({ do: 'delete' }) },
};

const counted = (count: number): string => `${count} ${count === 1 ? 'endpoint' : 'endpoints'}`;

/** Changes all endpoints that match the filters of the list: first a plan with their number, then that plan, 50 at a time. */
export function ChangeAll({ filter, onClose }: { filter: Filter; onClose: () => void }) {
  const [verb, setVerb] = useState<Verb>('off');
  const [folder, setFolder] = useState('');
  const plan = useQuery({
    queryKey: [...endpointQueries.all, 'plan', filter, verb],
    queryFn: () =>
      call('POST /admin/endpoints/bulk', { body: { filter, change: VERBS[verb].change(''), dryRun: true } }),
    gcTime: 0,
  });
  return (
    <Dialog title="Change all that match" isOpen onClose={onClose}>
      <SelectField<Verb>
        label="What to do"
        value={verb}
        options={(Object.keys(VERBS) as Verb[]).map((value) => ({ value, label: VERBS[value].label }))}
        onChange={setVerb}
      />
      {verb === 'move' && <TextField label="Folder" hint="Empty: no folder" value={folder} onChange={setFolder} />}
      <Loaded query={plan} what="the plan">
        {({ items }) => (
          <CarryOut
            key={verb}
            ids={items.filter(({ done }) => done).map(({ id }) => id)}
            kept={items.filter(({ done }) => !done).length}
            verb={verb}
            change={VERBS[verb].change(folder)}
            onClose={onClose}
          />
        )}
      </Loaded>
    </Dialog>
  );
}

interface CarryOutProps {
  ids: readonly string[];
  /** Those that match and that the user may not change. */
  kept: number;
  verb: Verb;
  change: Change;
  onClose: () => void;
}

function CarryOut({ ids, kept, verb, change, onClose }: CarryOutProps) {
  const { label, done } = VERBS[verb];
  const { carryOut, progress, refused, error } = usePlan(ids, change, (count) => {
    toastDone(`${done} ${counted(count)}.`);
    onClose();
  });
  return (
    <>
      <p role="status">
        {progress === null
          ? `${counted(ids.length)} match.${kept > 0 ? ` ${kept} more you may not change.` : ''}`
          : `${progress} of ${counted(ids.length)} done.`}
      </p>
      {verb === 'delete' && <p>Their URLs answer 404 from then on. Their handlers and runs stay.</p>}
      {error && <Notice tone="bad">{error.message}</Notice>}
      {refused.length > 0 && (
        <Notice tone="bad">
          {counted(refused.length)} did not change: {refused[0]}
        </Notice>
      )}
      <p className={styles.bar}>
        <Button
          tone={verb === 'delete' ? 'danger' : 'primary'}
          reason={ids.length === 0 ? 'There is nothing to change.' : undefined}
          isPending={progress !== null && error === null && refused.length === 0}
          onPress={() => void carryOut()}
        >
          {label} {counted(ids.length)}
        </Button>
        <Button onPress={onClose}>{progress === null ? 'Cancel' : 'Stop'}</Button>
      </p>
    </>
  );
}

/** Carries out a plan, 50 endpoints a request, until its dialog closes. What was refused is left; the others go on. */
function usePlan(ids: readonly string[], change: Change, onDone: (count: number) => void) {
  const client = useQueryClient();
  const stopped = useRef(false);
  const [progress, setProgress] = useState<number | null>(null);
  const [refused, setRefused] = useState<string[]>([]);
  const [error, setError] = useState<Error | null>(null);
  useEffect(() => {
    stopped.current = false;
    return () => void (stopped.current = true);
  }, []);
  const carryOut = async (): Promise<void> => {
    setError(null);
    const messages: string[] = [];
    try {
      for (let at = 0; at < ids.length && !stopped.current; at += MANY) {
        setProgress(at);
        const { items } = await call('POST /admin/endpoints/bulk', { body: { ids: ids.slice(at, at + MANY), change } });
        messages.push(...items.flatMap(({ done, message }) => (done ? [] : [message ?? ''])));
      }
      setProgress(ids.length);
      setRefused(messages);
      if (messages.length === 0 && !stopped.current) onDone(ids.length);
    } catch (thrown) {
      setError(thrown instanceof Error ? thrown : new Error(String(thrown)));
    }
    await client.invalidateQueries({ queryKey: endpointQueries.all });
  };
  return { carryOut, progress, refused, error };
}
