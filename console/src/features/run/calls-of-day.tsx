import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useRights } from '../../api/session';
import { durationText } from '../../kit/time.rules';
import { FAILED } from './outcome.rules';
import { failedIn } from './run-chart.rules';
import styles from './run.module.css';
import { runQueries } from './run.queries';

interface Of {
  by: 'endpoint' | 'key';
  id: string;
}

/** The calls of an endpoint or with a key in the last 24 hours. All rows of a list share one request. */
function useDay({ by, id }: Of) {
  const { may } = useRights();
  const { data } = useQuery({ ...runQueries.dayBy(by), enabled: may('run.read') });
  return data && { figures: data.items.find(({ group }) => group === id) };
}

/** Calls and failures, each a link to its runs, and the time within which 95 % of the calls ended. Empty while they are being read, and for users who may not. */
export function CallsOfDay({ by, id }: Of) {
  const day = useDay({ by, id });
  if (day === undefined) return null;
  if (day.figures === undefined) return <span className={styles.quiet}>none</span>;
  const failed = failedIn(day.figures);
  const search = { ...(by === 'endpoint' ? { endpointId: id } : { caller: id }), kind: 'live', since: '-24h' } as const;
  return (
    <>
      <Link to="/runs" search={search}>
        {day.figures.calls.toLocaleString('en')}
      </Link>
      {failed > 0 && (
        <>
          {', '}
          <Link to="/runs" search={{ ...search, outcome: FAILED }} className={styles.failed}>
            {failed.toLocaleString('en')} failed
          </Link>
        </>
      )}
      {day.figures.p95Ms !== null && <span className={styles.path}>p95 {durationText(day.figures.p95Ms)}</span>}
    </>
  );
}
