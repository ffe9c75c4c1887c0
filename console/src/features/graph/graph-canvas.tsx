import {
  applyNodeChanges,
  Background,
  Controls,
  MarkerType,
  ReactFlow,
  type Connection,
  type Edge,
  type Node as FlowNode,
  type NodeChange,
  type ReactFlowInstance,
} from '@xyflow/react';
import '@xyflow/react/dist/style.css';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { Node } from '../../../../src/plynx/document/node.schema';
import { createLink, removeLink, removeNode } from '../../../../src/plynx/edit/edit-graph.rules';
import { toastFailed } from '../../kit/toast';
import { CanvasNode, type CanvasNodeData, type NodeLook } from './canvas-node';
import { change, moveIn, type GraphDocument } from './graph-document.rules';
import styles from './graph-canvas.module.css';

type Shown = FlowNode<CanvasNodeData, 'node'>;

interface GraphCanvasProps {
  doc: GraphDocument;
  /** State of a node: in the run, and its issues. */
  dataOf: (node: Node) => NodeLook;
  isEditable: boolean;
  selected: string | undefined;
  onSelect: (id: string | undefined) => void;
  onChange: (doc: GraphDocument) => void;
}

const FIT = { maxZoom: 1, padding: 0.15 };
const NODE_TYPES = { node: CanvasNode };

/** The edges of a document: links are stored at their consumers. */
const edgesOf = ({ nodes }: GraphDocument): Edge[] =>
  nodes.flatMap(({ _id, inputs, title }) =>
    inputs.flatMap(({ name, values }) =>
      values.map(({ node_id, output_id }) => ({
        id: JSON.stringify([node_id, output_id, _id, name]),
        source: node_id,
        sourceHandle: output_id,
        target: _id,
        targetHandle: name,
        markerEnd: { type: MarkerType.ArrowClosed },
        ariaLabel: `Link from ${nodes.find((one) => one._id === node_id)?.title ?? node_id} to ${title}`,
      })),
    ),
  );
const endsOf = (
  edge: Pick<Edge, 'source' | 'target'> & { sourceHandle?: string | null; targetHandle?: string | null },
) =>
  [
    { nodeId: edge.source, name: edge.sourceHandle ?? '' },
    { nodeId: edge.target, name: edge.targetHandle ?? '' },
  ] as const;

/** The drawing of a graph. Everything that it can do, the list of nodes and the inspector can do as well. */
export default function GraphCanvas({ doc, dataOf, isEditable, selected, onSelect, onChange }: GraphCanvasProps) {
  const shown = useMemo(
    () =>
      doc.nodes.map((node): Shown => ({
        id: node._id,
        type: 'node',
        position: { x: node.x, y: node.y },
        selected: node._id === selected,
        data: { node, ...dataOf(node) },
        ariaLabel: `${node.title || 'untitled'}, ${dataOf(node).word}`,
      })),
    [doc, dataOf, selected],
  );
  const [nodes, setNodes] = useState<Shown[]>(shown);
  // Measurements of the canvas are kept.
  useEffect(
    () =>
      setNodes((now) => {
        const before = new Map(now.map((node) => [node.id, node]));
        return shown.map((node) => ({ ...before.get(node.id), ...node }));
      }),
    [shown],
  );
  const edges = useMemo(() => edgesOf(doc), [doc]);
  const flow = useRef<ReactFlowInstance<Shown> | null>(null);
  const outline = doc.nodes.map(({ _id }) => _id).join(' ');
  // A node that was added may be out of sight.
  useEffect(() => void flow.current?.fitView(FIT), [outline]);
  const apply = (edited: GraphDocument | string): void => {
    if (typeof edited === 'string') toastFailed(new Error(`${edited}.`));
    else onChange(edited);
  };
  const onNodesChange = (changes: NodeChange<Shown>[]): void => {
    setNodes((now) => applyNodeChanges(changes, now));
    // Arrow keys move as well, without a drag.
    const places = changes.flatMap((one) =>
      one.type === 'position' && one.dragging !== true && one.position ? [[one.id, one.position] as const] : [],
    );
    if (isEditable && places.length > 0) apply(moveIn(doc, new Map(places)));
    const chosen = changes.findLast((one) => one.type === 'select' && one.selected);
    if (chosen?.type === 'select') onSelect(chosen.id);
  };
  const remove = ({ nodes: gone, edges: cut }: { nodes: Shown[]; edges: Edge[] }): void => {
    let next = doc;
    const take = (edited: GraphDocument | string): void => void (typeof edited !== 'string' && (next = edited));
    for (const { id } of gone) take(change(next, (graph) => removeNode(graph, id)));
    for (const edge of cut) take(change(next, (graph) => removeLink(graph, ...endsOf(edge))));
    onChange(next);
  };
  return (
    <div className={styles.canvas} role="group" aria-label="Drawing of the graph">
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={NODE_TYPES}
        onNodesChange={onNodesChange}
        onConnect={(connection: Connection) => apply(change(doc, (graph) => createLink(graph, ...endsOf(connection))))}
        isValidConnection={(one) => typeof change(doc, (graph) => createLink(graph, ...endsOf(one))) !== 'string'}
        onDelete={remove}
        onPaneClick={() => onSelect(undefined)}
        nodesDraggable={isEditable}
        nodesConnectable={isEditable}
        deleteKeyCode={isEditable ? ['Delete', 'Backspace'] : null}
        fitView
        fitViewOptions={FIT}
        onInit={(instance) => (flow.current = instance)}
        minZoom={0.1}
        preventScrolling={false}
      >
        <Background />
        <Controls showInteractive={false} />
      </ReactFlow>
    </div>
  );
}
