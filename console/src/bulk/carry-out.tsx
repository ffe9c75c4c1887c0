import { useState, type FormEvent, type ReactNode } from 'react';
import { Form } from 'react-aria-components';
import { useRights } from '../api/session';
import { Button } from '../kit/button';
import dialog from '../kit/dialog.module.css';
import { Notice } from '../kit/notice';
import type { Bulk, BulkVerb } from './bulk';
import { counted } from './bulk.rules';
import { refusalText, useBulk } from './use-bulk';

interface CarryOutProps<Change, Filter> {
  bulk: Bulk<Change, Filter>;
  ids: readonly string[];
  verb: BulkVerb<Change>;
  /** How many there are, before it begins. */
  children?: ReactNode;
  onClose: () => void;
  onDone: () => void;
}

/** The end of a dialog that changes many: what is chosen of the change, its progress, what was refused, and its button. */
export function CarryOut<Change, Filter>(props: CarryOutProps<Change, Filter>) {
  const { bulk, ids, verb, children, onClose, onDone } = props;
  const { whyNot } = useRights();
  const [change, setChange] = useState(verb.change);
  const [problem, setProblem] = useState<string | null>(null);
  const { carryOut, progress } = useBulk(bulk);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setProblem(null);
    const { refused, error } = await carryOut(ids, verb, change);
    if (error ?? refused.length > 0) return setProblem(error?.message ?? refusalText(refused, bulk.words));
    onDone();
    onClose();
  };
  const { warning, Fields, isDanger } = verb.ask ?? {};
  return (
    <Form className={dialog.form} onSubmit={(event) => void submit(event)}>
      {Fields && <Fields change={change} onChange={setChange} />}
      {(progress !== null || children !== undefined) && (
        <div role="status">
          {progress === null ? children : `${progress} of ${counted(ids.length, bulk.words)} done.`}
        </div>
      )}
      {warning && <p>{warning}</p>}
      {problem !== null && <Notice tone="bad">{problem}</Notice>}
      <div className={dialog.acts}>
        <Button onPress={onClose}>{progress === null ? 'Cancel' : 'Stop'}</Button>
        <Button
          type="submit"
          tone={isDanger ? 'danger' : 'primary'}
          reason={ids.length === 0 ? 'There is nothing to change.' : whyNot(verb.permission)}
          isPending={progress !== null}
        >
          {verb.label} {counted(ids.length, bulk.words)}
        </Button>
      </div>
    </Form>
  );
}
