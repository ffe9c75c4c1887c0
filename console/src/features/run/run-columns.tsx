import { Link } from '@tanstack/react-router';
import { printable } from '../../kit/json-tree.rules';
import type { Column } from '../../kit/table';
import { clockTime, durationText } from '../../kit/time.rules';
import { Outcome } from './outcome';
import { callerText } from './run-list.rules';
import type { RunSummary } from './run.queries';
import styles from './run.module.css';

/** When a run was, and of what. */
export const runName = ({ startedAt, endpointPath, endpointId }: RunSummary): string =>
  `${clockTime(Date.parse(startedAt), Date.now())} ${endpointPath === null ? endpointId : `/u/${printable(endpointPath)}`}`;

/** The columns of the history. */
export const RUN_COLUMNS: readonly Column<RunSummary>[] = [
  {
    id: 'run',
    header: 'Run',
    cell: ({ id, startedAt, endpointPath, endpointId }) => (
      <>
        <Link to="/runs/$id" params={{ id }} data-row="" className={styles.when}>
          {clockTime(Date.parse(startedAt), Date.now())}
        </Link>
        <span className={styles.path}>{endpointPath === null ? endpointId : `/u/${printable(endpointPath)}`}</span>
      </>
    ),
  },
  {
    id: 'outcome',
    header: 'Outcome',
    cell: ({ outcome, status, calls, kind }) => (
      <>
        <Outcome value={outcome} /> {status}
        {calls > 1 && ` × ${calls.toLocaleString('en')}`}
        {kind !== 'live' && <span className={styles.quiet}> {kind}</span>}
      </>
    ),
  },
  {
    id: 'why',
    header: 'Why',
    shown: 'medium',
    cell: ({ errorCode, failedStep }) => (
      <>
        {errorCode !== null && <code>{printable(errorCode)}</code>}
        {failedStep !== null && ` in step ${printable(failedStep)}`}
      </>
    ),
  },
  {
    id: 'duration',
    header: 'Duration',
    shown: 'medium',
    align: 'end',
    cell: ({ durationMs }) => (durationMs === null ? '' : durationText(durationMs)),
  },
  { id: 'caller', header: 'Caller', shown: 'wide', cell: (run) => <code>{printable(callerText(run))}</code> },
  {
    id: 'version',
    header: 'Version',
    shown: 'wide',
    align: 'end',
    cell: ({ handlerVersion }) => (handlerVersion === null ? '' : `v${handlerVersion}`),
  },
];
