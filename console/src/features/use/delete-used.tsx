import { useMutation, useQueryClient, type QueryKey, type UseQueryResult } from '@tanstack/react-query';
import { useLocation, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { Use, Uses } from '../../../../src/core/uses/use.schema';
import { CheckField } from '../../kit/choice-field';
import { Question } from '../../kit/dialog';
import { forgetForms } from '../../kit/kept-forms';
import { Notice } from '../../kit/notice';
import { toastDone, toastFailed } from '../../kit/toast';

interface DeleteUsedProps {
  /** The noun and the name of the object: `key`, `shop`. */
  noun: string;
  name: string;
  uses: UseQueryResult<Uses>;
  /** The loss that cannot be undone, and the alternative for the user. */
  advice: string;
  /** Effect of the deletion on those who use it; without it, they have to stop using it first. */
  whenForced?: string;
  /** True where the name is typed in any case. */
  isAlwaysTyped?: boolean;
  /** True where the service wants force for what the object holds, although nothing uses it. */
  isAlwaysForced?: boolean;
  remove: (force: boolean) => Promise<unknown>;
  /** Queries to read again afterwards, and the list that opens. */
  queryKey: QueryKey;
  list: string;
  onClose: () => void;
}

/** Deletes the object of the screen, which nothing uses; one in use only with the consequences in sight, and its name typed. */
export function DeleteUsed(props: DeleteUsedProps) {
  const { noun, name, uses, whenForced } = props;
  const client = useQueryClient();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const [isForced, setForced] = useState(false);
  const used = uses.data?.items ?? [];
  const { mutate, isPending } = useMutation({
    mutationFn: () => props.remove(isForced || (props.isAlwaysForced === true && used.length === 0)),
    onError: toastFailed,
    onSuccess: async () => {
      await navigate({ to: props.list });
      forgetForms(pathname);
      client.removeQueries({ queryKey: props.queryKey, type: 'inactive' });
      await client.invalidateQueries({ queryKey: props.queryKey });
      toastDone(`Deleted the ${noun} ${name}.`);
    },
  });
  const isTyped = isForced || props.isAlwaysTyped;
  return (
    <Question
      title={`Delete the ${noun} ${name}?`}
      verb={`Delete ${noun}`}
      isOpen
      isPending={isPending}
      onClose={props.onClose}
      onConfirm={() => mutate()}
      {...(isTyped ? { typed: name } : {})}
    >
      <p>{props.advice}</p>
      {used.length > 0 && (
        <>
          <Notice tone="warn">In use by {used.map(nameOf).join(', ')}.</Notice>
          {whenForced !== undefined && (
            <CheckField isSelected={isForced} onChange={setForced}>
              Delete it all the same. {whenForced}
            </CheckField>
          )}
        </>
      )}
    </Question>
  );
}

const nameOf = ({ noun, name }: Use): string => (noun === 'endpoint' ? `/u/${name}` : `${noun} ${name}`);
