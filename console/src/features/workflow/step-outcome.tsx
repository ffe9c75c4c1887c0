import type { Answer } from '../../api/call';
import { useRights } from '../../api/session';
import { Badge } from '../../kit/badge';
import { Button } from '../../kit/button';
import { JsonTree } from '../../kit/json-tree';
import { printable } from '../../kit/json-tree.rules';
import { Notice } from '../../kit/notice';
import { durationText } from '../../kit/time.rules';
import type { WorkflowTest } from './use-workflow-test';
import styles from './workflow.module.css';

type RunStep = Answer<'GET /admin/runs/:id'>['steps'][number];

/** Input and output of a step in the last run; runs it, or takes its result for the next runs. */
export function StepOutcome({ id, outcome, test }: { id: string; outcome: RunStep | undefined; test: WorkflowTest }) {
  const { whyNot } = useRights();
  const reason = whyNot('endpoint.test') ?? (test.isReady ? undefined : 'Publish the workflow at a URL first.');
  const isMocked = Object.hasOwn(test.mocks, id);
  return (
    <>
      <p className={styles.bar}>
        <Button tone="primary" reason={reason} isPending={test.isPending} onPress={() => test.start(id)}>
          Run to here
        </Button>
        {isMocked ? (
          <Button onPress={() => test.mock(id, undefined)}>Run it again: no mock</Button>
        ) : (
          <Button
            reason={outcome?.output === undefined ? 'The last run has no result of this step.' : undefined}
            onPress={() => test.mock(id, outcome?.output)}
          >
            Mock with this result
          </Button>
        )}
      </p>
      {outcome === undefined ? (
        <p className={styles.quiet}>The last run did not come to this step.</p>
      ) : (
        <div className={styles.pane} role="status">
          <p className={styles.bar}>
            <Badge tone={outcome.outcome === 'failed' ? 'bad' : 'good'}>{outcome.outcome}</Badge>
            <span className={styles.quiet}>{durationText(outcome.durationMs)}</span>
          </p>
          {outcome.error && (
            <Notice tone="bad">
              {printable(outcome.error.name)}: {printable(outcome.error.message)}
            </Notice>
          )}
          {outcome.input !== undefined && <JsonTree label="Input" value={outcome.input} openLevels={1} />}
          {outcome.output !== undefined && <JsonTree label="Output" value={outcome.output} openLevels={2} />}
        </div>
      )}
    </>
  );
}
