import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Form } from 'react-aria-components';
import { call, type CallInput } from '../../api/call';
import { useRights } from '../../api/session';
import { Button } from '../../kit/button';
import { Dialog, Question } from '../../kit/dialog';
import { TextField } from '../../kit/field';
import { SelectionBar } from '../../kit/selection-bar';
import { toastDone, toastFailed } from '../../kit/toast';
import { endpointQueries, type Endpoint } from './endpoint.queries';

type Patch = CallInput<'PATCH /admin/endpoints/:id'>['body'];

interface ActProps {
  endpoints: readonly Endpoint[];
  onDone: () => void;
}

/** What can be done with several endpoints at once. One after the other: where one is refused, the others go on. */
export function ActOnEndpoints({ endpoints, onDone }: ActProps) {
  const { whyNot } = useRights();
  const client = useQueryClient();
  const [asks, setAsks] = useState<'folder' | 'delete' | null>(null);
  const [isPending, setPending] = useState(false);
  const count = `${endpoints.length} ${endpoints.length === 1 ? 'endpoint' : 'endpoints'}`;
  const each = async (
    act: (endpoint: Endpoint) => Promise<unknown>,
    done: string,
    undo?: () => void,
  ): Promise<void> => {
    setPending(true);
    const refused: unknown[] = [];
    for (const endpoint of endpoints) await act(endpoint).catch((error: unknown) => refused.push(error));
    await client.invalidateQueries({ queryKey: endpointQueries.all });
    setPending(false);
    setAsks(null);
    refused.forEach(toastFailed);
    if (refused.length < endpoints.length) toastDone(done, undo);
    onDone();
  };
  const patch = (change: (endpoint: Endpoint) => Patch, done: string): Promise<void> => {
    const send = (endpoint: Endpoint, body: Patch) =>
      call('PATCH /admin/endpoints/:id', { params: { id: endpoint.id }, body });
    const undo = (): void =>
      void each((endpoint) => send(endpoint, { active: endpoint.active, folder: endpoint.folder }), 'Undone.');
    return each((endpoint) => send(endpoint, change(endpoint)), done, undo);
  };
  return (
    <SelectionBar count={count} onClear={onDone}>
      <Button
        reason={whyNot('endpoint.operate')}
        isPending={isPending}
        onPress={() => void patch(() => ({ active: false }), `Switched ${count} off.`)}
      >
        Switch off
      </Button>
      <Button
        reason={whyNot('endpoint.operate')}
        isPending={isPending}
        onPress={() => void patch(() => ({ active: true }), `Switched ${count} on.`)}
      >
        Switch on
      </Button>
      <Button reason={whyNot('endpoint.write')} onPress={() => setAsks('folder')}>
        Move to folder…
      </Button>
      <Button tone="danger" reason={whyNot('endpoint.write')} onPress={() => setAsks('delete')}>
        Delete…
      </Button>
      <MoveToFolder
        isOpen={asks === 'folder'}
        isPending={isPending}
        onClose={() => setAsks(null)}
        onMove={(folder) => void patch(() => ({ folder }), `Moved ${count}.`)}
      />
      <Question
        title={`Delete ${count}?`}
        verb="Delete"
        isOpen={asks === 'delete'}
        isPending={isPending}
        onClose={() => setAsks(null)}
        onConfirm={() =>
          void each(({ id }) => call('DELETE /admin/endpoints/:id', { params: { id } }), `Deleted ${count}.`)
        }
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
