import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import type { GraphIssue } from '../../../../src/plynx/authoring/graph-issues.rules';
import { call } from '../../api/call';
import { useRights } from '../../api/session';
import { Button } from '../../kit/button';
import { CodeBlock } from '../../kit/code-block';
import { Dialog } from '../../kit/dialog';
import { Loaded } from '../../kit/state';
import { toastDone, toastFailed } from '../../kit/toast';
import { useActions } from '../../shell/actions';
import { graphQueries, type EditedGraph } from './graph.queries';
import { isRunning } from './graph-status.rules';
import type { GraphEditor } from './use-graph-editor';

const PublishGraph = lazy(() => import('./publish-graph'));

interface GraphActionsProps {
  graph: EditedGraph;
  state: EditedGraph['state'];
  editor: GraphEditor;
  issues: readonly GraphIssue[];
}

/** Acts on a graph as a whole. A run is final: the graph is then read-only, and a clone continues. */
export function GraphActions({ graph, state, editor, issues }: GraphActionsProps) {
  const { may, whyNot } = useRights();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [over, setOver] = useState<'publish' | 'code' | null>(null);
  const params = { id: graph.id };
  const adopt = (next: EditedGraph): void => {
    client.setQueryData(graphQueries.one(graph.id).queryKey, next);
    void client.invalidateQueries({ queryKey: ['graphs', 'list'] });
  };
  const run = useMutation({
    mutationFn: async () => {
      const revision = await editor.save();
      return revision === null ? null : call('POST /admin/graphs/:id/run', { params, body: {}, ifMatch: revision });
    },
    onSuccess: (next) => next && adopt(next),
    onError: toastFailed,
  });
  const cancel = useMutation({
    mutationFn: () => call('POST /admin/graphs/:id/cancel', { params, body: {} }),
    onSuccess: adopt,
    onError: toastFailed,
  });
  const clone = useMutation({
    mutationFn: () => call('POST /admin/graphs/:id/clone', { params, body: {} }),
    onSuccess: async (copy) => {
      await client.invalidateQueries({ queryKey: ['graphs', 'list'] });
      await navigate({ to: '/graphs/$id', params: { id: copy.id }, search: {} });
      toastDone('Cloned: this copy has not run, and can be changed');
    },
    onError: toastFailed,
  });
  const publish = async (): Promise<void> => {
    if ((await editor.save()) !== null) setOver('publish');
  };
  const isLive = isRunning(state.status);
  const reason =
    whyNot('graph.write') ?? (issues.length > 0 ? `Its issues prevent a run: ${issues.length}` : undefined);
  useActions([
    ...(editor.isEditable
      ? [
          { id: 'save', label: 'Save', keys: 'Mod+S', run: () => void editor.save() },
          ...(reason === undefined ? [{ id: 'run', label: 'Run', keys: 'Mod+Enter', run: () => run.mutate() }] : []),
        ]
      : []),
    ...(isLive && may('graph.write') ? [{ id: 'cancel', label: 'Cancel the run', run: () => cancel.mutate() }] : []),
    ...(may('graph.write') ? [{ id: 'clone', label: 'Clone', run: () => clone.mutate() }] : []),
  ]);
  return (
    <>
      {editor.isEditable && (
        <>
          <Button isPending={editor.isSaving} isDisabled={!editor.isDirty} onPress={() => void editor.save()}>
            Save
          </Button>
          <Button tone="primary" reason={reason} isPending={run.isPending} onPress={() => run.mutate()}>
            Run
          </Button>
        </>
      )}
      {isLive && graph.isOwn && (
        <Button
          tone="danger"
          reason={whyNot('graph.write')}
          isPending={cancel.isPending}
          onPress={() => cancel.mutate()}
        >
          Cancel the run
        </Button>
      )}
      {!isLive && (
        <Button
          tone={editor.isEditable ? 'plain' : 'primary'}
          reason={whyNot('graph.write')}
          isPending={clone.isPending}
          onPress={() => clone.mutate()}
        >
          Clone
        </Button>
      )}
      <Button reason={whyNot('endpoint.write')} onPress={() => void publish()}>
        Publish…
      </Button>
      <Button onPress={() => setOver('code')}>Code…</Button>
      <Suspense>
        {over === 'publish' && <PublishGraph graph={graph} title={editor.doc.title} onClose={() => setOver(null)} />}
        {over === 'code' && <GeneratedCode id={graph.id} onClose={() => setOver(null)} />}
      </Suspense>
    </>
  );
}

/** The script that makes the same graph with PLynx's client. */
function GeneratedCode({ id, onClose }: { id: string; onClose: () => void }) {
  const query = useQuery({
    queryKey: ['graphs', 'code', id],
    queryFn: ({ signal }) => call('GET /admin/graphs/:id/code', { params: { id }, signal }),
  });
  return (
    <Dialog title="Python code" width="wide" isOpen onClose={onClose}>
      <Loaded query={query} what="the code">
        {({ code }) => <CodeBlock text={code} what="Python code" />}
      </Loaded>
    </Dialog>
  );
}
