import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useCallback, useMemo, useState } from 'react';
import type { Node } from '../../../../src/plynx/document/node.schema';
import { rolesFor, useRights } from '../../api/session';
import { Badge } from '../../kit/badge';
import { Button } from '../../kit/button';
import { TextField } from '../../kit/field';
import { printable } from '../../kit/json-tree.rules';
import { Notice } from '../../kit/notice';
import { Page, Section } from '../../kit/page';
import { Empty, Loaded, NoRight, Placeholder } from '../../kit/state';
import { durationText } from '../../kit/time.rules';
import { useGraphState } from './follow-graph';
import { GraphActions } from './graph-actions';
import { GraphBar } from './graph-bar';
import { GraphConflict } from './graph-conflict';
import { issuesOf } from './graph-document.rules';
import { graphQueries, type EditedGraph } from './graph.queries';
import { GRAPH_STATUSES, RUNNING_STATUSES } from './graph-status.rules';
import { ListNodes } from './list-nodes';
import { useGraphEditor } from './use-graph-editor';
import styles from './graph.module.css';

// A dialog that an act opens loads with it.
const GraphCanvas = lazy(() => import('./graph-canvas'));
const ShowNode = lazy(() => import('./show-node'));
const AddNode = lazy(() => import('./add-node'));
const ConnectNode = lazy(() => import('./connect-node'));
const route = getRouteApi('/graphs/$id');

/** A graph: its drawing or its list of nodes, and the node that is selected. */
export function ShowGraph() {
  const { may } = useRights();
  const { id } = route.useParams();
  const query = useQuery({ ...graphQueries.one(id), enabled: may('graph.read') });
  if (!may('graph.read'))
    return (
      <Page title="Graph">
        <NoRight what="graphs" roles={rolesFor('graph.read')} />
      </Page>
    );
  if (query.data) return <EditGraph key={query.data.id} graph={query.data} />;
  return (
    <Page title="Graph">
      <Loaded query={query} what="the graph">
        {() => null}
      </Loaded>
    </Page>
  );
}

function EditGraph({ graph }: { graph: EditedGraph }) {
  const { may } = useRights();
  const { node: selected, view } = route.useSearch();
  const navigate = useNavigate({ from: '/graphs/$id' });
  const editor = useGraphEditor(graph, may('graph.write'));
  const { state, isLost, waitsFor } = useGraphState(graph);
  const [dialog, setDialog] = useState<'operation' | 'file' | 'connect' | null>(null);
  const { doc, isEditable, set } = editor;
  const issues = useMemo(() => (isEditable ? issuesOf(doc) : []), [doc, isEditable]);
  const select = (node: string | undefined): void =>
    void navigate({ search: (now) => ({ ...now, node }), replace: true });
  const dataOf = useNodeData(state, issues);
  const node = doc.nodes.find(({ _id }) => _id === selected);
  const shownStatus = GRAPH_STATUSES[state.status];
  return (
    <Page
      title={printable(doc.title) || 'Untitled graph'}
      beside={<Badge tone={shownStatus.tone}>{shownStatus.word}</Badge>}
      actions={<GraphActions graph={graph} state={state} editor={editor} issues={issues} />}
    >
      {waitsFor !== null && (
        <Notice tone="warn">The run is not followed yet: {waitsFor} The console tries again by itself.</Notice>
      )}
      {isLost && <Notice tone="warn">The run is not followed any more. Reload the page to see its state.</Notice>}
      <GraphBar
        editor={editor}
        graph={graph}
        issues={issues}
        state={state}
        onAdd={setDialog}
        onConnect={node && node.outputs.length > 0 ? () => setDialog('connect') : null}
      />
      <div className={styles.editor}>
        <div className={styles.main}>
          {doc.nodes.length === 0 ? (
            <NoNodes isEditable={isEditable} onAdd={() => setDialog('operation')} />
          ) : view === 'list' ? (
            <ListNodes doc={doc} dataOf={dataOf} />
          ) : (
            <Suspense fallback={<Placeholder what="the drawing" />}>
              <GraphCanvas
                doc={doc}
                dataOf={dataOf}
                isEditable={isEditable}
                selected={selected}
                onSelect={select}
                onChange={set}
              />
            </Suspense>
          )}
        </div>
        {node ? (
          <Suspense fallback={<Placeholder what="the node" />}>
            <ShowNode
              key={node._id}
              node={node}
              editor={editor}
              issues={issues.filter(({ nodeId }) => nodeId === node._id)}
              state={state.nodes.find(({ id }) => id === node._id)}
              onConnect={() => setDialog('connect')}
              onClose={() => select(undefined)}
            />
          </Suspense>
        ) : (
          <GraphFacts editor={editor} issues={issues} />
        )}
      </div>
      <Suspense>
        {(dialog === 'operation' || dialog === 'file') && (
          <AddNode
            kind={dialog}
            doc={doc}
            beside={selected}
            onClose={() => setDialog(null)}
            onAdd={(next, id) => {
              set(next);
              select(id);
              setDialog(null);
            }}
          />
        )}
        {dialog === 'connect' && node && (
          <ConnectNode node={node} doc={doc} onClose={() => setDialog(null)} onConnect={set} />
        )}
      </Suspense>
      {editor.theirs && <GraphConflict theirs={editor.theirs} onResolve={editor.resolve} />}
    </Page>
  );
}

/** Returns what is said of each node: its state in the run, and how many issues it has. */
function useNodeData(state: EditedGraph['state'], issues: ReturnType<typeof issuesOf>) {
  return useCallback(
    (node: Node) => {
      const run = state.nodes.find(({ id }) => id === node._id);
      const { word, tone } = RUNNING_STATUSES[run?.status ?? node.node_running_status];
      const ms =
        run?.endedAt == null || run.status === 'RESTORED' ? null : Date.parse(run.endedAt) - Date.parse(run.startedAt);
      return {
        word: ms === null ? word : `${word} ${durationText(ms)}`,
        tone,
        issues: issues.filter(({ nodeId }) => nodeId === node._id).length,
      };
    },
    [state, issues],
  );
}

const NoNodes = ({ isEditable, onAdd }: { isEditable: boolean; onAdd: () => void }) => (
  <Empty
    title="No node yet"
    action={
      isEditable && (
        <Button tone="primary" onPress={onAdd}>
          Add an operation
        </Button>
      )
    }
  >
    A graph is made of files and operations. Add the first one, then connect its outputs to the inputs of others.
  </Empty>
);

/** Title and description, and what is wrong with the graph as a whole. */
function GraphFacts({
  editor,
  issues,
}: {
  editor: ReturnType<typeof useGraphEditor>;
  issues: ReturnType<typeof issuesOf>;
}) {
  const { doc, set, isEditable } = editor;
  const errorAt = (name: string): string | undefined =>
    issues.find((issue) => issue.nodeId === null && issue.name === name)?.message;
  if (!isEditable)
    return (
      <Section title="Graph">
        <p>{printable(doc.description)}</p>
        <p className={styles.quiet}>Select a node to see what it takes and gives, and what its run left.</p>
      </Section>
    );
  return (
    <Section title="Graph">
      <TextField
        label="Title"
        value={doc.title}
        error={errorAt('title')}
        onChange={(title) => set({ ...doc, title }, 'title')}
      />
      <TextField
        label="Description"
        rows={3}
        value={doc.description}
        error={errorAt('description')}
        onChange={(description) => set({ ...doc, description }, 'description')}
      />
      <p className={styles.quiet}>Select a node to see and change it. {doc.nodes.length} nodes.</p>
    </Section>
  );
}
