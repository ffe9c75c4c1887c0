import type { ReactNode } from 'react';
import { Button } from './button';
import styles from './filter-bar.module.css';

/** The filters of a list. What they hold is in the address. */
export const FilterBar = ({
  label,
  isFiltered,
  onClear,
  children,
}: {
  label: string;
  isFiltered: boolean;
  onClear: () => void;
  children: ReactNode;
}) => (
  <search className={styles.bar} aria-label={label}>
    {children}
    {isFiltered && (
      <Button tone="quiet" onPress={onClear}>
        Clear
      </Button>
    )}
  </search>
);
