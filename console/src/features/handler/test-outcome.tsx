import { Link } from '@tanstack/react-router';
import { Button } from '../../kit/button';
import { JsonTree } from '../../kit/json-tree';
import { printable } from '../../kit/json-tree.rules';
import { Notice } from '../../kit/notice';
import { durationText } from '../../kit/time.rules';
import { Outcome } from '../run/outcome';
import { parse } from '../run/replay.rules';
import styles from './handler.module.css';
import { LogLines } from './log-lines';
import { lineOf } from './test-values.rules';
import type { TestResult } from './use-test-run';

interface TestOutcomeProps {
  result: TestResult;
  handlerPath: string;
  /** Goes to a line of the source; missing where it has no lines of code. */
  onLine?: (line: number) => void;
}

/** Answer of a test: its status and body, its failure, its log. */
export function TestOutcome({ result, handlerPath, onLine }: TestOutcomeProps) {
  const { run, response, accessSkipped } = result;
  const line = run.error === null ? null : lineOf(run.error.stack, handlerPath);
  return (
    <div className={styles.pane} role="status">
      <p className={styles.bar}>
        <Outcome value={run.outcome} /> {response.status}
        {run.durationMs !== null && <span className={styles.quiet}>{durationText(run.durationMs)}</span>}
        <Link to="/runs/$id" params={{ id: run.id }}>
          Open the run
        </Link>
      </p>
      {accessSkipped !== null && (
        <Notice tone="info">A live call of this caller would get {accessSkipped}. The test ran all the same.</Notice>
      )}
      {run.error && (
        <Notice tone="bad">
          {printable(run.error.name)}: {printable(run.error.message)}
          {line !== null && onLine && (
            <Button tone="quiet" onPress={() => onLine(line)}>
              Go to line {line}
            </Button>
          )}
        </Notice>
      )}
      <Body response={response} />
      <LogLines lines={run.logs} />
    </div>
  );
}

function Body({ response: { body, base64 } }: Pick<TestResult, 'response'>) {
  if (base64 !== null) return <p className={styles.quiet}>The body is not text.</p>;
  if (body === '') return <p className={styles.quiet}>No body.</p>;
  const value = parse(body);
  if (typeof value === 'object' && value !== null) return <JsonTree label="Body" value={value} />;
  return (
    <pre className={styles.body} tabIndex={0} aria-label="Body">
      {printable(body)}
    </pre>
  );
}
