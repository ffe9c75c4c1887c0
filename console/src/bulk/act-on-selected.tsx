import { useState, type ReactNode } from 'react';
import { useRights } from '../api/session';
import { Button } from '../kit/button';
import { SelectionBar } from '../kit/selection-bar';
import { toastFailed } from '../kit/toast';
import type { Bulk, BulkVerb } from './bulk';
import { counted } from './bulk.rules';
import { ChangeMatching } from './change-matching';
import { ChangeSelected } from './change-selected';
import { refusalText, useBulk } from './use-bulk';

interface ActProps<Change, Filter> {
  bulk: Bulk<Change, Filter>;
  /** Ids of the chosen rows. */
  ids: readonly string[];
  /** The filters of the list. */
  filter: Filter;
  onClear: () => void;
  /** Other actions on the chosen ones. */
  children?: ReactNode;
}

/** Changes the chosen rows, or all that match the filters. */
export function ActOnSelected<Change, Filter>({ bulk, ids, filter, onClear, children }: ActProps<Change, Filter>) {
  const { whyNot } = useRights();
  const [asked, setAsked] = useState<BulkVerb<Change> | null>(null);
  const [isForAll, setForAll] = useState(false);
  const { carryOut, progress } = useBulk(bulk);
  const act = async (verb: BulkVerb<Change>): Promise<void> => {
    const { refused, error } = await carryOut(ids, verb, verb.change);
    if (error ?? refused.length > 0) toastFailed(error ?? new Error(refusalText(refused, bulk.words)));
    onClear();
  };
  return (
    <SelectionBar count={counted(ids.length, bulk.words)} onClear={onClear}>
      {bulk.verbs.map((verb) => (
        <Button
          key={verb.label}
          tone={verb.ask?.isDanger ? 'danger' : undefined}
          reason={whyNot(verb.permission)}
          isPending={progress !== null}
          onPress={() => (verb.ask === undefined ? void act(verb) : setAsked(verb))}
        >
          {verb.ask === undefined ? verb.label : `${verb.label}…`}
        </Button>
      ))}
      {children}
      <Button tone="quiet" onPress={() => setForAll(true)}>
        All that match…
      </Button>
      {asked !== null && (
        <ChangeSelected bulk={bulk} ids={ids} verb={asked} onClose={() => setAsked(null)} onDone={onClear} />
      )}
      {isForAll && <ChangeMatching bulk={bulk} filter={filter} onClose={() => setForAll(false)} onDone={onClear} />}
    </SelectionBar>
  );
}
