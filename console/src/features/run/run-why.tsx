import { Link } from '@tanstack/react-router';
import { CodeBlock } from '../../kit/code-block';
import { printable } from '../../kit/json-tree.rules';
import { OUTCOMES } from './outcome.rules';
import { issuesOf } from './replay.rules';
import type { Run } from './run.queries';
import styles from './run.module.css';
import { SameError } from './same-error';

/** Why a call failed or was refused: the error, its step, what was wrong with the request; nothing for a success. */
export function RunWhy({ run }: { run: Run }) {
  const { error, outcome } = run;
  const issues = issuesOf(run);
  if (error === null && issues.length === 0) return null;
  return (
    <section aria-label="Why" className={styles.why} data-tone={OUTCOMES[outcome].tone}>
      {error && <TheError error={error} />}
      {issues.length > 0 && (
        <ul className={styles.groups}>
          {issues.map(({ pointer, message }, index) => (
            <li key={index}>
              <code>{printable(pointer)}</code> {printable(message)}
            </li>
          ))}
        </ul>
      )}
      {error && (
        <div className={styles.line}>
          {error.step !== undefined && (
            <Link from="/runs/$id" to="." search={{ step: error.step }} replace>
              Step {printable(error.step)}
            </Link>
          )}
          <SameError run={run} error={error} />
        </div>
      )}
      {error && error.stack !== '' && (
        <details>
          <summary>Stack</summary>
          <CodeBlock text={printable(error.stack)} what="stack" />
        </details>
      )}
    </section>
  );
}

const TheError = ({ error: { message, name, code } }: { error: NonNullable<Run['error']> }) => (
  <>
    <strong>
      {message === '' ? 'The message is not recorded: the endpoint logs only metadata.' : printable(message)}
    </strong>
    <span>
      {name !== '' && `${printable(name)} · `}
      <code>{printable(code)}</code>
    </span>
  </>
);
