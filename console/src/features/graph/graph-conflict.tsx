import { Button } from '../../kit/button';
import { Dialog } from '../../kit/dialog';
import { printable } from '../../kit/json-tree.rules';
import { Time } from '../../kit/time';
import type { EditedGraph } from './graph.queries';

/** Another tab or program saved the graph first: mine or theirs goes on. Nothing is saved yet, and undo brings the other one back. */
export function GraphConflict({
  theirs,
  onResolve,
}: {
  theirs: EditedGraph;
  onResolve: (keep: 'mine' | 'theirs') => void;
}) {
  return (
    <Dialog
      title="Someone else saved it first"
      isOpen
      isFixed
      onClose={() => onResolve('mine')}
      actions={
        <>
          <Button onPress={() => onResolve('theirs')}>Use theirs</Button>
          <Button tone="primary" onPress={() => onResolve('mine')}>
            Keep mine
          </Button>
        </>
      }
    >
      <p>
        Revision {theirs.revision} of {printable(theirs.title)} was saved <Time at={theirs.updatedAt} />, with{' '}
        {theirs.nodes.length} nodes. Nothing of yours is lost: what you do not choose comes back with Undo, and nothing
        is saved until you save.
      </p>
    </Dialog>
  );
}
