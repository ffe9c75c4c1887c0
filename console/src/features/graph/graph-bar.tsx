import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Cable, FilePlus2, List, Network, Plus, Redo2, Undo2 } from 'lucide-react';
import { call } from '../../api/call';
import type { GraphIssue } from '../../../../src/plynx/authoring/graph-issues.rules';
import { Badge } from '../../kit/badge';
import { Button } from '../../kit/button';
import { toastDone, toastFailed } from '../../kit/toast';
import { useActions } from '../../shell/actions';
import { stateWord } from './state-word.rules';
import type { EditedGraph } from './graph.queries';
import type { GraphEditor } from './use-graph-editor';
import styles from './graph.module.css';

interface GraphBarProps {
  editor: GraphEditor;
  graph: EditedGraph;
  state: EditedGraph['state'];
  issues: readonly GraphIssue[];
  onAdd: (kind: 'operation' | 'file') => void;
  /** null without a node that has an output. */
  onConnect: (() => void) | null;
}

/** Tools of the drawing, the state of the changes, and the two views. */
export function GraphBar({ editor, graph, state, issues, onAdd, onConnect }: GraphBarProps) {
  const { doc, set, isEditable, undo, redo } = editor;
  const draft = { title: doc.title, description: doc.description, nodes: [...doc.nodes] };
  const params = { id: graph.id };
  const arrange = useMutation({
    mutationFn: () => call('POST /admin/graphs/:id/arrange', { params, body: draft }),
    onSuccess: ({ nodes }) => set({ ...doc, nodes }),
    onError: toastFailed,
  });
  const upgrade = useMutation({
    mutationFn: () => call('POST /admin/graphs/:id/upgrade', { params, body: draft }),
    onSuccess: ({ nodes, upgraded }) => {
      if (upgraded > 0) set({ ...doc, nodes });
      toastDone(upgraded === 0 ? 'Every operation is the newest one' : `Upgraded ${upgraded}`);
    },
    onError: toastFailed,
  });
  const validate = useMutation({
    mutationFn: () => call('POST /admin/graphs/:id/validate', { params, body: draft }),
    onSuccess: ({ issues: found, warnings }) => {
      if (found.length > 0) toastFailed(new Error(`Issues: ${found.length}. ${found[0]!.name} ${found[0]!.message}`));
      else toastDone(warnings.length === 0 ? 'Valid: it can run' : `Valid. ${warnings.join('. ')}`);
    },
    onError: toastFailed,
  });
  useActions(
    isEditable
      ? [
          { id: 'operation', label: 'Add an operation', keys: 'n', run: () => onAdd('operation') },
          { id: 'file', label: 'Add a file', keys: 'f', run: () => onAdd('file') },
          ...(onConnect ? [{ id: 'connect', label: 'Connect the selected node', keys: 'c', run: onConnect }] : []),
          { id: 'validate', label: 'Validate', keys: 'v', run: () => validate.mutate() },
          { id: 'arrange', label: 'Arrange', keys: 'a', run: () => arrange.mutate() },
          { id: 'upgrade', label: 'Upgrade operations', run: () => upgrade.mutate() },
          ...(undo ? [{ id: 'undo', label: 'Undo', keys: 'Mod+Z', run: undo }] : []),
          ...(redo ? [{ id: 'redo', label: 'Redo', keys: 'Mod+Shift+Z', run: redo }] : []),
        ]
      : [],
  );
  return (
    <div className={styles.bar} role="toolbar" aria-label="Edit the graph">
      {isEditable && (
        <>
          <Button icon={<Plus />} onPress={() => onAdd('operation')}>
            Operation
          </Button>
          <Button icon={<FilePlus2 />} onPress={() => onAdd('file')}>
            File
          </Button>
          <Button icon={<Cable />} isDisabled={onConnect === null} onPress={() => onConnect?.()}>
            Connect
          </Button>
          <Button isPending={arrange.isPending} onPress={() => arrange.mutate()}>
            Arrange
          </Button>
          <Button isPending={upgrade.isPending} onPress={() => upgrade.mutate()}>
            Upgrade
          </Button>
          <Button isPending={validate.isPending} onPress={() => validate.mutate()}>
            Validate
          </Button>
          <Button tone="quiet" icon={<Undo2 />} aria-label="Undo" isDisabled={undo === null} onPress={() => undo?.()} />
          <Button tone="quiet" icon={<Redo2 />} aria-label="Redo" isDisabled={redo === null} onPress={() => redo?.()} />
          {issues.length > 0 && <Badge tone="bad">{issues.length === 1 ? '1 issue' : `${issues.length} issues`}</Badge>}
        </>
      )}
      <span role="status" className={styles.quiet}>
        {stateWord({ ...editor, graph, state })}
      </span>
      <Views />
    </div>
  );
}

/** The drawing and the list of nodes are equals: each has an address. */
function Views() {
  return (
    <nav className={`${styles.line} ${styles.spacer}`} aria-label="Views of the graph">
      {([undefined, 'list'] as const).map((one) => (
        <Link
          key={one ?? 'canvas'}
          from="/graphs/$id"
          to="."
          search={(now) => ({ ...now, view: one })}
          replace
          activeOptions={{ includeSearch: true, explicitUndefined: true }}
          className={styles.view}
        >
          {one === undefined ? <Network aria-hidden="true" /> : <List aria-hidden="true" />}
          {one === undefined ? 'Drawing' : 'List'}
        </Link>
      ))}
    </nav>
  );
}
