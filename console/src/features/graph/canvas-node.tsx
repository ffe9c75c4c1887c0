import { Handle, Position, type Node as FlowNode, type NodeProps } from '@xyflow/react';
import type { Node } from '../../../../src/plynx/document/node.schema';
import { Badge, type BadgeTone } from '../../kit/badge';
import { printable } from '../../kit/json-tree.rules';
import { KINDS } from './graph-status.rules';
import styles from './graph-canvas.module.css';

/** State of a node that is not in the document. */
export type NodeLook = {
  /** Its state, such as `running 4 s`. */
  word: string;
  tone: BadgeTone;
  issues: number;
};

export type CanvasNodeData = NodeLook & { node: Node };

/** A node of the drawing: inputs on the left, outputs on the right. */
export function CanvasNode({
  data: { node, word, tone, issues },
  selected,
}: NodeProps<FlowNode<CanvasNodeData, 'node'>>) {
  return (
    <div className={styles.node} data-selected={selected || undefined} data-tone={tone}>
      <div className={styles.head}>
        <strong className={styles.title}>{printable(node.title) || 'untitled'}</strong>
        <span className={styles.kind}>{KINDS[node.base_node_name] ?? printable(node.base_node_name)}</span>
      </div>
      <div className={styles.state}>
        <Badge tone={tone}>{word}</Badge>
        {issues > 0 && <Badge tone="bad">{issues === 1 ? '1 issue' : `${issues} issues`}</Badge>}
      </div>
      <div className={styles.ports}>
        <ul className={styles.inputs}>
          {node.inputs.map(({ name }) => (
            <li key={name}>
              <Handle type="target" position={Position.Left} id={name} className={styles.handle} />
              {printable(name)}
            </li>
          ))}
        </ul>
        <ul className={styles.outputs}>
          {node.outputs.map(({ name }) => (
            <li key={name}>
              {printable(name)}
              <Handle type="source" position={Position.Right} id={name} className={styles.handle} />
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}
