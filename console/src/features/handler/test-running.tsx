import { Square } from 'lucide-react';
import { Button } from '../../kit/button';
import styles from './handler.module.css';
import { LogLines } from './log-lines';
import type { Reported } from './use-test-run';

/** Log of a running test, and a button that stops it. */
export function TestRunning({ reported: { logs, steps }, onStop }: { reported: Reported; onStop: () => void }) {
  const done = steps.filter(({ outcome }) => outcome !== 'running').length;
  const current = steps.find(({ outcome }) => outcome === 'running');
  return (
    <div className={styles.pane}>
      <p className={styles.bar}>
        <span role="status">
          {steps.length === 0 ? 'The test runs.' : `${done} steps done${current ? `, ${current.id} runs` : ''}.`}
        </span>
        <Button icon={<Square />} onPress={onStop}>
          Stop
        </Button>
      </p>
      <LogLines lines={logs} />
    </div>
  );
}
