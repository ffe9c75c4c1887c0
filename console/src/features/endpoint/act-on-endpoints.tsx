import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Form } from 'react-aria-components';
import { useRights } from '../../api/session';
import { Button } from '../../kit/button';
import { Dialog, Question } from '../../kit/dialog';
import { TextField } from '../../kit/field';
import { SelectionBar } from '../../kit/selection-bar';
import { toastDone, toastFailed } from '../../kit/toast';
import { changeAll, type Change, type Refusal } from './change-endpoints';
import { endpointQueries, type Endpoint } from './endpoint.queries';

interface ActProps {
  endpoints: readonly Endpoint[];
  onDone: () => void;
  /** Opens the change of all that match the filters. */
  onAll: () => void;
}

/** Acts on several endpoints at once. A refusal of one does not stop the others. */
export function ActOnEndpoints({ endpoints, onDone, onAll }: ActProps) {
  const { whyNot } = useRights();
  const client = useQueryClient();
  const [asks, setAsks] = useState<'folder' | 'delete' | null>(null);
  const [isPending, setPending] = useState(false);
  const count = `${endpoints.length} ${endpoints.length === 1 ? 'endpoint' : 'endpoints'}`;
  const act = async (change: Change, done: string, undo?: () => void): Promise<void> => {
    setPending(true);
    const refused: Refusal[] = [];
    try {
      refused.push(...(await changeAll(endpoints, change)));
      if (refused.length < endpoints.length) toastDone(done, undo);
      refused.forEach(({ name, message }) => toastFailed(new Error(`${name}: ${message}`)));
    } catch (error) {
      toastFailed(error);
    }
    await client.invalidateQueries({ queryKey: endpointQueries.all });
    setPending(false);
    setAsks(null);
    onDone();
  };
  /** Takes a change back: each endpoint becomes as it was. */
  const restore = async (changeOf: (endpoint: Endpoint) => Change): Promise<void> => {
    try {
      for (const endpoint of endpoints) await changeAll([endpoint], changeOf(endpoint));
      toastDone('Undone.');
    } catch (error) {
      toastFailed(error);
    }
    await client.invalidateQueries({ queryKey: endpointQueries.all });
  };
  const turn = (active: boolean): Promise<void> =>
    act(
      { do: 'switch', active },
      `Switched ${count} ${active ? 'on' : 'off'}.`,
      () => void restore((endpoint) => ({ do: 'switch', active: endpoint.active })),
    );
  return (
    <SelectionBar count={count} onClear={onDone}>
      <Button reason={whyNot('endpoint.operate')} isPending={isPending} onPress={() => void turn(false)}>
        Switch off
      </Button>
      <Button reason={whyNot('endpoint.operate')} isPending={isPending} onPress={() => void turn(true)}>
        Switch on
      </Button>
      <Button reason={whyNot('endpoint.write')} onPress={() => setAsks('folder')}>
        Move to folder…
      </Button>
      <Button tone="danger" reason={whyNot('endpoint.write')} onPress={() => setAsks('delete')}>
        Delete…
      </Button>
      <Button tone="quiet" onPress={onAll}>
        All that match…
      </Button>
      <MoveToFolder
        isOpen={asks === 'folder'}
        isPending={isPending}
        onClose={() => setAsks(null)}
        onMove={(folder) =>
          void act(
            { do: 'move', folder },
            `Moved ${count}.`,
            () => void restore((endpoint) => ({ do: 'move', folder: endpoint.folder })),
          )
        }
      />
      <Question
        title={`Delete ${count}?`}
        verb="Delete"
        isOpen={asks === 'delete'}
        isPending={isPending}
        onClose={() => setAsks(null)}
        onConfirm={() => void act({ do: 'delete' }, `Deleted ${count}.`)}
      >
        <p>Their URLs answer 404 from then on. Their handlers and runs stay.</p>
      </Question>
    </SelectionBar>
  );
}

function MoveToFolder(props: {
  isOpen: boolean;
  isPending: boolean;
  onClose: () => void;
  onMove: (folder: string) => void;
}) {
  const [folder, setFolder] = useState('');
  return (
    <Dialog title="Move to folder" isOpen={props.isOpen} onClose={props.onClose}>
      <Form
        onSubmit={(event) => {
          event.preventDefault();
          props.onMove(folder);
        }}
      >
        <TextField label="Folder" hint="Empty: no folder" value={folder} onChange={setFolder} autoFocus />
        <p>
          <Button type="submit" tone="primary" isPending={props.isPending}>
            Move
          </Button>
        </p>
      </Form>
    </Dialog>
  );
}
