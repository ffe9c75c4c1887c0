import type { ReactNode } from 'react';
import { Button } from './button';
import styles from './filter-bar.module.css';

/** Acts on the chosen rows. */
export const SelectionBar = ({
  count,
  onClear,
  children,
}: {
  count: string;
  onClear: () => void;
  children: ReactNode;
}) => (
  <div className={styles.bar} role="group" aria-label="Act on the selection">
    <span role="status">{count} selected</span>
    {children}
    <Button tone="quiet" onPress={onClear}>
      Clear
    </Button>
  </div>
);
