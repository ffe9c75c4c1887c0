import { Trash2, Unlink } from 'lucide-react';
import { Link } from '@tanstack/react-router';
import type { Node } from '../../../../src/plynx/document/node.schema';
import { removeLink, removeNode } from '../../../../src/plynx/edit/edit-graph.rules';
import type { GraphIssue } from '../../../../src/plynx/authoring/graph-issues.rules';
import { Button } from '../../kit/button';
import { TextField } from '../../kit/field';
import { printable } from '../../kit/json-tree.rules';
import { Notice } from '../../kit/notice';
import { Section } from '../../kit/page';
import { toastDone } from '../../kit/toast';
import { change, nameOfEnd, replaceIn } from './graph-document.rules';
import type { EditedGraph } from './graph.queries';
import { NodeParameters } from './node-parameters';
import { NodeResults } from './node-results';
import type { GraphEditor } from './use-graph-editor';
import styles from './graph.module.css';

interface ShowNodeProps {
  node: Node;
  editor: GraphEditor;
  issues: readonly GraphIssue[];
  state: EditedGraph['state']['nodes'][number] | undefined;
  onConnect: () => void;
  onClose: () => void;
}

/** Everything of one node: what it takes, what it gives, its parameters, and what its run left. */
export default function ShowNode({ node, editor, issues, state, onConnect, onClose }: ShowNodeProps) {
  const { doc, set, isEditable } = editor;
  const remove = (): void => {
    const next = change(doc, (graph) => removeNode(graph, node._id));
    if (typeof next === 'string') return;
    set(next);
    onClose();
    toastDone(`Removed ${node.title}`, () => editor.set(doc));
  };
  return (
    <Section
      title={printable(node.title) || 'untitled'}
      aside={isEditable && <Button tone="quiet" icon={<Trash2 />} aria-label="Remove this node" onPress={remove} />}
    >
      {issues.length > 0 && (
        <Notice tone="bad">
          <ul className={styles.plain}>
            {issues.map(({ part, name, code, message }) => (
              <li key={`${part} ${name} ${code}`}>
                {part === 'node' ? 'This node' : `${part === 'input' ? 'Input' : 'Field'} ${printable(name)}`} {message}
              </li>
            ))}
          </ul>
        </Notice>
      )}
      <NodeResults node={node} state={state} />
      {isEditable && (
        <TextField
          label="Title"
          value={node.title}
          onChange={(title) => set(replaceIn(doc, node._id, { title }), `title ${node._id}`)}
        />
      )}
      <p className={styles.quiet}>
        {printable(node.description)}
        {node.parent_node !== null && (
          <>
            {' '}
            <Link to="/operations/$id" params={{ id: node.parent_node }}>
              {node.base_node_name === 'file' ? 'Stored file' : 'Operation'}
            </Link>
          </>
        )}
      </p>
      <Inputs node={node} editor={editor} />
      <Outputs node={node} isEditable={isEditable} onConnect={onConnect} />
      <NodeParameters node={node} editor={editor} />
    </Section>
  );
}

function Inputs({ node, editor: { doc, set, isEditable } }: { node: Node; editor: GraphEditor }) {
  if (node.inputs.length === 0) return null;
  return (
    <>
      <h3>Inputs</h3>
      <ul className={styles.plain}>
        {node.inputs.map((input) => (
          <li key={input.name}>
            <code>{printable(input.name)}</code>{' '}
            <span className={styles.quiet}>
              {input.file_types.map(printable).join(', ')}, {countText(input.min_count, input.max_count)}
            </span>
            <ul className={styles.plain}>
              {input.values.map((link) => {
                const from = { nodeId: link.node_id, name: link.output_id };
                const to = { nodeId: node._id, name: input.name };
                const name = printable(nameOfEnd(doc, from));
                const cut = (): void => {
                  const next = change(doc, (graph) => removeLink(graph, from, to));
                  if (typeof next !== 'string') set(next);
                };
                return (
                  <li key={name} className={styles.line}>
                    ← {name}
                    {isEditable && (
                      <Button tone="quiet" icon={<Unlink />} aria-label={`Unlink ${name}`} onPress={cut} />
                    )}
                  </li>
                );
              })}
            </ul>
          </li>
        ))}
      </ul>
    </>
  );
}

/** Says how many links an input takes. */
function countText(min: number, max: number): string {
  if (max < 0) return min <= 0 ? 'any number' : `at least ${min}`;
  return min === max ? `${min}` : `${min} to ${max}`;
}

const Outputs = ({ node, isEditable, onConnect }: { node: Node; isEditable: boolean; onConnect: () => void }) =>
  node.outputs.length > 0 && (
    <>
      <h3>Outputs</h3>
      <p className={styles.line}>
        {node.outputs.map(({ name, file_type }) => (
          <span key={name}>
            <code>{printable(name)}</code> <span className={styles.quiet}>{printable(file_type)}</span>
          </span>
        ))}
        {isEditable && <Button onPress={onConnect}>Connect…</Button>}
      </p>
    </>
  );
