import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { call, type Answer } from '../../api/call';
import { useRights } from '../../api/session';
import { Question } from '../../kit/dialog';
import { Menu } from '../../kit/menu';
import { printable } from '../../kit/json-tree.rules';
import { toastDone, toastFailed } from '../../kit/toast';
import { operationQueries } from './graph.queries';

/** Acts on an approved operation: it never changes again, and may be deprecated. */
export function OperationActions({ operation }: { operation: Answer<'GET /admin/operations/:id'> }) {
  const { whyNot } = useRights();
  const client = useQueryClient();
  const [isAsking, setAsking] = useState(false);
  const deprecate = useMutation({
    mutationFn: (mandatory: boolean) =>
      call('POST /admin/operations/:id/deprecate', { params: { id: operation.id }, body: { mandatory } }),
    onSuccess: async () => {
      setAsking(false);
      await client.invalidateQueries({ queryKey: operationQueries.all });
      toastDone('Deprecated');
    },
    onError: toastFailed,
  });
  const reason = whyNot('node.write') ?? (operation.isOwn ? undefined : 'Only its owner may change it.');
  return (
    <>
      <Menu
        label="More acts"
        actions={[
          { id: 'deprecate', label: 'Deprecate', reason, onAction: () => deprecate.mutate(false) },
          { id: 'forbid', label: 'Deprecate for good…', tone: 'danger', reason, onAction: () => setAsking(true) },
        ]}
      />
      <Question
        title="Deprecate for good"
        verb="Deprecate for good"
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        isPending={deprecate.isPending}
        onConfirm={() => deprecate.mutate(true)}
      >
        Graphs that contain {printable(operation.title)} can no longer run. This cannot be taken back.
      </Question>
    </>
  );
}
