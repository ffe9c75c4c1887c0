import styles from './code-block.module.css';
import { Copy } from './copy';

/** Text that is shown as it is, with a button to copy it. `what` names it, such as `curl command`. */
export function CodeBlock({ text, what }: { text: string; what: string }) {
  return (
    <div className={styles.block}>
      <pre className={styles.text} tabIndex={0} role="region" aria-label={what}>
        {text}
      </pre>
      <Copy text={text} what={what} />
    </div>
  );
}
