import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Permission } from '../../../../src/core/access/permitted.rules';
import { useRights } from '../../api/session';
import { Button } from '../../kit/button';
import { Question } from '../../kit/dialog';
import { toastDone, toastFailed } from '../../kit/toast';
import { tokenQueries } from './token.queries';

interface RevokeTokenProps {
  name: string;
  permission?: Permission;
  revoke: () => Promise<unknown>;
}

/** Ends a token, after a question: no program that has it works on. */
export function RevokeToken({ name, permission = 'session.own', revoke }: RevokeTokenProps) {
  const { whyNot } = useRights();
  const client = useQueryClient();
  const [isAsking, setAsking] = useState(false);
  const { mutate, isPending } = useMutation({
    mutationFn: revoke,
    onError: toastFailed,
    onSuccess: () => toastDone(`Revoked ${name}.`),
    onSettled: async () => {
      setAsking(false);
      await client.invalidateQueries({ queryKey: tokenQueries.all });
    },
  });
  return (
    <>
      <Button aria-label={`Revoke ${name}…`} reason={whyNot(permission)} onPress={() => setAsking(true)}>
        Revoke…
      </Button>
      <Question
        title={`Revoke the token ${name}?`}
        verb="Revoke"
        isOpen={isAsking}
        isPending={isPending}
        onClose={() => setAsking(false)}
        onConfirm={() => mutate()}
      >
        <p>It cannot be undone. Programs that have it are refused from then on.</p>
      </Question>
    </>
  );
}
