import { useState, type ReactNode } from 'react';
import styles from './fold.module.css';

interface FoldProps {
  summary: ReactNode;
  /** True while something in it needs to be seen, such as an error. */
  isForced?: boolean;
  children: ReactNode;
}

/** Content that is not needed at first: opens on request. */
export function Fold({ summary, isForced = false, children }: FoldProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details open={isOpen || isForced} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary className={styles.summary}>{summary}</summary>
      <div className={styles.content}>{children}</div>
    </details>
  );
}
