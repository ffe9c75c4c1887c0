import { ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { Button as AriaButton } from 'react-aria-components';
import { Button } from './button';
import styles from './json-tree.module.css';
import { childrenOf, isBranch, printable, summaryOf } from './json-tree.rules';

/** Children that a branch shows at first, and more with each press of its button. */
const STEP = 100;

interface TreeProps {
  value: unknown;
  /** Name of the whole, for screen readers. */
  label: string;
  /** Levels that are open at first. */
  openLevels?: number;
}

/** A JSON value, a line for each part. Only what is open is drawn, so that its size does not matter. */
export const JsonTree = ({ value, label, openLevels = 2 }: TreeProps) => (
  <div className={styles.tree} role="group" aria-label={label}>
    <Node name={null} value={value} openLevels={openLevels} />
  </div>
);

interface NodeProps {
  name: string | null;
  value: unknown;
  openLevels: number;
}

function Node({ name, value, openLevels }: NodeProps) {
  const [isOpen, setOpen] = useState(openLevels > 0);
  const [shown, setShown] = useState(STEP);
  if (!isBranch(value)) return <Leaf name={name} value={value} />;
  const children = isOpen ? childrenOf(value, shown) : [];
  const count = Array.isArray(value) ? value.length : Object.keys(value).length;
  return (
    <div>
      <AriaButton className={styles.branch} aria-expanded={isOpen} onPress={() => setOpen(!isOpen)}>
        <ChevronRight aria-hidden="true" className={styles.sign} data-open={isOpen || undefined} />
        {name !== null && <span className={styles.name}>{printable(name)}:</span>}
        <span className={styles.summary}>{summaryOf(value)}</span>
      </AriaButton>
      {isOpen && (
        <div className={styles.children}>
          {children.map(([key, child]) => (
            <Node key={key} name={key} value={child} openLevels={openLevels - 1} />
          ))}
          {count > shown && (
            <Button tone="quiet" onPress={() => setShown(shown + STEP)}>
              Show more of {count}
            </Button>
          )}
        </div>
      )}
    </div>
  );
}

const Leaf = ({ name, value }: Pick<NodeProps, 'name' | 'value'>) => (
  <div className={styles.leaf}>
    {name !== null && <span className={styles.name}>{printable(name)}:</span>}
    <span className={styles[typeof value]}>{typeof value === 'string' ? `"${printable(value)}"` : String(value)}</span>
  </div>
);
