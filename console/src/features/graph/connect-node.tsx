import { useState } from 'react';
import type { Node } from '../../../../src/plynx/document/node.schema';
import { createLink } from '../../../../src/plynx/edit/edit-graph.rules';
import { Button } from '../../kit/button';
import { Dialog } from '../../kit/dialog';
import { TextField } from '../../kit/field';
import { printable } from '../../kit/json-tree.rules';
import { SelectField } from '../../kit/select-field';
import { toastDone, toastFailed } from '../../kit/toast';
import { change, targetsOf, type GraphDocument, type Target } from './graph-document.rules';
import styles from './graph.module.css';

interface ConnectNodeProps {
  node: Node;
  doc: GraphDocument;
  onClose: () => void;
  onConnect: (doc: GraphDocument) => void;
}

const nameOf = ({ title, name }: Target): string => `${printable(title) || 'untitled'}.${printable(name)}`;

/** Connects an output to an input without a mouse: only inputs that can take it are listed, and Enter takes the first. */
export default function ConnectNode({ node, doc, onClose, onConnect }: ConnectNodeProps) {
  const [output, setOutput] = useState(node.outputs[0]!.name);
  const [text, setText] = useState('');
  const from = { nodeId: node._id, name: output };
  const wanted = text.trim().toLowerCase();
  const targets = targetsOf(doc, from).filter((one) => nameOf(one).toLowerCase().includes(wanted));
  const connect = (target: Target | undefined): void => {
    if (target === undefined) return;
    const next = change(doc, (graph) => createLink(graph, from, { nodeId: target.nodeId, name: target.name }));
    if (typeof next === 'string') return toastFailed(new Error(`${next}.`));
    onConnect(next);
    onClose();
    toastDone(`Connected to ${nameOf(target)}`);
  };
  return (
    <Dialog title={`Connect ${printable(node.title)}`} isOpen onClose={onClose}>
      {node.outputs.length > 1 && (
        <SelectField
          label="Output"
          value={output}
          options={node.outputs.map(({ name }) => ({ value: name, label: printable(name) }))}
          onChange={setOutput}
        />
      )}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          connect(targets[0]);
        }}
      >
        <TextField
          label="To the input"
          type="search"
          hint="Enter takes the first"
          autoFocus
          value={text}
          onChange={setText}
        />
      </form>
      {targets.length === 0 && <p>No such input can take it: those that accept its type are full, or its own.</p>}
      <ul className={styles.choices}>
        {targets.map((one) => (
          <li key={JSON.stringify([one.nodeId, one.name])}>
            <Button onPress={() => connect(one)}>{nameOf(one)}</Button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
