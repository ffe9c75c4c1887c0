import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Dialog } from '../kit/dialog';
import { SelectField } from '../kit/select-field';
import { Loaded } from '../kit/state';
import type { Bulk } from './bulk';
import { counted } from './bulk.rules';
import { CarryOut } from './carry-out';

interface ChangeMatchingProps<Change, Filter> {
  bulk: Bulk<Change, Filter>;
  filter: Filter;
  onClose: () => void;
  onDone: () => void;
}

/** Changes all that match the filters of a list: first a plan with their number, then that plan. */
export function ChangeMatching<Change, Filter>({ bulk, filter, onClose, onDone }: ChangeMatchingProps<Change, Filter>) {
  const [label, setLabel] = useState(bulk.verbs[0]!.label);
  const verb = bulk.verbs.find((one) => one.label === label)!;
  const plan = useQuery({
    queryKey: [...bulk.stale, 'plan', filter, label],
    queryFn: () => bulk.plan(filter, verb.change),
    // The ids of a plan are those that its user saw counted.
    gcTime: 0,
    staleTime: Infinity,
  });
  return (
    <Dialog title="Change all that match" isOpen onClose={onClose}>
      {bulk.verbs.length > 1 && (
        <SelectField
          label="What to do"
          value={label}
          options={bulk.verbs.map((one) => ({ value: one.label, label: one.label }))}
          onChange={setLabel}
        />
      )}
      <Loaded query={plan} what="the plan">
        {({ items }) => {
          const ids = items.filter(({ done }) => done).map(({ id }) => id);
          const kept = items.length - ids.length;
          return (
            <CarryOut key={label} bulk={bulk} ids={ids} verb={verb} onClose={onClose} onDone={onDone}>
              {`${counted(ids.length, bulk.words)} match.`}
              {kept > 0 && ` ${kept.toLocaleString('en')} more you may not change.`}
            </CarryOut>
          );
        }}
      </Loaded>
    </Dialog>
  );
}
