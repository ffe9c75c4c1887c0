import { Dialog } from '../kit/dialog';
import type { Bulk, BulkVerb } from './bulk';
import { CarryOut } from './carry-out';

interface ChangeSelectedProps<Change, Filter> {
  bulk: Bulk<Change, Filter>;
  ids: readonly string[];
  verb: BulkVerb<Change>;
  onClose: () => void;
  onDone: () => void;
}

/** Asks before a change of the chosen rows. */
export const ChangeSelected = <Change, Filter>(props: ChangeSelectedProps<Change, Filter>) => (
  <Dialog title={props.verb.label} isOpen onClose={props.onClose}>
    <CarryOut {...props} />
  </Dialog>
);
