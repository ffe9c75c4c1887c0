import { printable } from '../../kit/json-tree.rules';
import styles from './handler.module.css';

/** Lines that are drawn; the run has all. */
const SHOWN_LINES = 100;

/** The first lines that a test logged. */
export function LogLines({ lines }: { lines: readonly { level: string; message: string }[] }) {
  if (lines.length === 0) return null;
  return (
    <ol className={styles.logs} tabIndex={0} aria-label="Log lines">
      {lines.slice(0, SHOWN_LINES).map(({ level, message }, index) => (
        <li key={index}>
          <span className={styles.quiet}>{level}</span> {printable(message)}
        </li>
      ))}
    </ol>
  );
}
