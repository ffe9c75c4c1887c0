import { Link } from '@tanstack/react-router';
import { Badge } from '../../kit/badge';
import type { Column } from '../../kit/table';
import { Time } from '../../kit/time';
import { zonedTime } from './schedule-form.rules';
import type { ScheduleState } from './schedule.queries';
import styles from './schedule.module.css';

const OVERLAPS: Record<string, string> = {
  skip: 'skips a run while the one before goes on',
  queue: 'one run waits for the end of the one before',
  allow: 'runs at the same time as the one before',
};

/** Columns of every list of schedules. `active`: whether its endpoint is on. */
export const scheduleColumns = <Row extends ScheduleState>(isActive: (row: Row) => boolean): readonly Column<Row>[] => [
  {
    id: 'cron',
    header: 'When',
    shown: 'medium',
    cell: ({ cron, zone, overlap }) => (
      <span title={OVERLAPS[overlap]}>
        <code>{cron}</code> <span className={styles.quiet}>{zone}</span>
      </span>
    ),
  },
  {
    id: 'next',
    header: 'Next',
    cell: (row) => {
      const [next] = row.next;
      if (row.paused) return <Badge>paused</Badge>;
      if (next === undefined) return isActive(row) ? 'never' : <Badge>endpoint is off</Badge>;
      return (
        <>
          <Time at={next} />
          <span className={styles.zoned}>{zonedTime(Date.parse(next), row.zone)}</span>
        </>
      );
    },
  },
  {
    id: 'last',
    header: 'Last run',
    shown: 'medium',
    cell: ({ lastAt, lastCause, lastRunId, lastStatus, waiting }) => {
      if (lastAt === null) return <span className={styles.quiet}>none yet</span>;
      const time = <Time at={lastAt} />;
      return (
        <>
          {lastRunId === null ? (
            time
          ) : (
            <Link to="/runs/$id" params={{ id: lastRunId }}>
              {time}
            </Link>
          )}{' '}
          {lastStatus !== null && <Badge tone={lastStatus < 400 ? 'good' : 'bad'}>{lastStatus}</Badge>}
          {lastCause === 'request' && <span className={styles.quiet}>by hand </span>}
          {waiting !== null && (
            <span className={styles.quiet}>
              {waiting.attempt > 1 ? `attempt ${waiting.attempt} ` : 'one waits, '}
              <Time at={waiting.at} />
            </span>
          )}
        </>
      );
    },
  },
];
