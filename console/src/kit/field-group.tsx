import type { ReactNode } from 'react';
import styles from './field-group.module.css';

interface FieldGroupProps {
  title: string;
  /** The title is a name of the user's own: in the fixed-width font. */
  isCode?: boolean;
  children: ReactNode;
}

/** Fields that belong together, in a frame with a title. */
export const FieldGroup = ({ title, isCode = false, children }: FieldGroupProps) => (
  <fieldset className={styles.group}>
    <legend className={`${styles.title} ${isCode ? styles.code : ''}`}>{title}</legend>
    {children}
  </fieldset>
);

/** Short fields side by side, as many as fit. */
export const FieldRow = ({ children }: { children: ReactNode }) => <div className={styles.row}>{children}</div>;
