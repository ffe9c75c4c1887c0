import styles from './code-editor.module.css';
import { placeOf, type Finding } from './finding.rules';

/** Issues of a source, a line each; a press goes there. */
export function Findings({
  text,
  findings,
  onGo,
}: {
  text: string;
  findings: readonly Finding[];
  onGo: (at: number) => void;
}) {
  if (findings.length === 0) return null;
  return (
    <ul className={styles.findings} aria-label="Problems">
      {findings.map(({ from, severity, message }, index) => {
        const { line, column } = placeOf(text, from);
        return (
          <li key={index}>
            <button type="button" className={styles.finding} onClick={() => onGo(from)}>
              <span className={styles[severity]}>{severity}</span>
              <span className={styles.place}>
                {line}:{column}
              </span>
              <span className={styles.message}>{message}</span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
