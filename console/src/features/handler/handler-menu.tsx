import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { memo, useState } from 'react';
import { Form } from 'react-aria-components';
import { call } from '../../api/call';
import { useRights } from '../../api/session';
import { Button } from '../../kit/button';
import { Dialog, Question } from '../../kit/dialog';
import { TextField } from '../../kit/field';
import { useForm } from '../../kit/form';
import { Menu } from '../../kit/menu';
import { Notice } from '../../kit/notice';
import { toastDone, toastFailed } from '../../kit/toast';
import { handlerQueries, type Handler } from './handler.queries';

/** More acts of a handler. Not drawn again with each key in its source. */
export const HandlerMenu = memo(function HandlerMenu({ handler }: { handler: Handler }) {
  const { whyNot } = useRights();
  const [asks, setAsks] = useState<'rename' | 'delete' | null>(null);
  const client = useQueryClient();
  const navigate = useNavigate();
  const remove = useMutation({
    mutationFn: () => call('DELETE /admin/handlers/:id', { params: { id: handler.id }, ifMatch: handler.revision }),
    onError: toastFailed,
    onSuccess: async () => {
      await navigate({ to: '/handlers' });
      client.removeQueries({ queryKey: handlerQueries.one(handler.id).queryKey });
      await client.invalidateQueries({ queryKey: handlerQueries.all });
      toastDone(`Deleted ${handler.path}.`);
    },
  });
  const reason = whyNot('handler.write');
  return (
    <>
      <Menu
        label="More actions"
        actions={[
          {
            id: 'publish',
            label: 'Get API endpoint…',
            reason: whyNot('endpoint.write'),
            onAction: () => void navigate({ to: '/endpoints/new', search: { handler: handler.path } }),
          },
          { id: 'rename', label: 'Change path…', reason, onAction: () => setAsks('rename') },
          { id: 'delete', label: 'Delete…', tone: 'danger', reason, onAction: () => setAsks('delete') },
        ]}
      />
      {asks === 'rename' && <Rename handler={handler} onClose={() => setAsks(null)} />}
      <Question
        title={`Delete ${handler.path}?`}
        verb="Delete handler"
        isOpen={asks === 'delete'}
        isPending={remove.isPending}
        onClose={() => setAsks(null)}
        onConfirm={() => remove.mutate()}
        typed={handler.path}
      >
        <p>All its versions are deleted with it. A handler that is in use stays.</p>
      </Question>
    </>
  );
});

function Rename({ handler, onClose }: { handler: Handler; onClose: () => void }) {
  const client = useQueryClient();
  const form = useForm({ path: handler.path });
  const rename = async (): Promise<void> => {
    const isDone = await form.send(({ path }) =>
      call('PATCH /admin/handlers/:id', { params: { id: handler.id }, body: { path }, ifMatch: handler.revision }),
    );
    if (!isDone) return;
    toastDone(`It is at ${form.values.path}. Endpoints follow.`);
    await client.invalidateQueries({ queryKey: handlerQueries.all });
    onClose();
  };
  return (
    <Dialog title="Change the path" isOpen onClose={onClose}>
      <Form
        onSubmit={(event) => {
          event.preventDefault();
          void rename();
        }}
      >
        <TextField
          label="Path"
          isCode
          autoFocus
          hint="The ending stays one of the same language"
          value={form.values.path}
          onChange={(path) => form.set('path', path)}
          error={form.errorAt('/path')}
        />
        {form.problem && <Notice tone="bad">{form.problem.message}</Notice>}
        <p>
          <Button type="submit" tone="primary" isPending={form.isPending}>
            Change
          </Button>
        </p>
      </Form>
    </Dialog>
  );
}
