import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Facts, Section } from '../../kit/page';
import { Loaded } from '../../kit/state';
import { clockTime, durationText } from '../../kit/time.rules';
import { FAILED, REFUSED } from '../run/outcome.rules';
import { RunBars } from '../run/run-bars';
import { failedIn, refusedIn, toBars } from '../run/run-chart.rules';
import { STEP_MS } from '../run/run-filter.rules';
import { runQueries } from '../run/run.queries';
import styles from './overview.module.css';

const ALL = {};

/** The calls of 24 hours: a chart whose bars lead to their runs, and the figures that it cannot say. */
export function DayOfCalls() {
  const query = useQuery(runQueries.stats(ALL));
  const navigate = useNavigate();
  return (
    <Section title="Calls of 24 hours" aside={<Link to="/runs">All runs, and a table of the chart</Link>}>
      <Loaded query={query} what="calls">
        {({ stats, step }) => {
          const bars = toBars(stats, STEP_MS[step]);
          const all = stats.items[0];
          if (all === undefined) return <p>No call in 24 hours.</p>;
          return (
            <>
              <RunBars bars={bars} onPick={(picked) => void navigate({ to: '/runs', search: picked })} />
              <p className={styles.ends} aria-hidden="true">
                <span>{clockTime(bars[0]!.at, Date.now())}</span>
                <span>now</span>
              </p>
              <Facts
                facts={[
                  ['Calls', all.calls.toLocaleString('en')],
                  ['Failed', <Count key="failed" count={failedIn(all)} outcome={FAILED} />],
                  ['Refused', <Count key="refused" count={refusedIn(all)} outcome={REFUSED} />],
                  ['Half within (p50)', all.p50Ms === null ? 'none' : durationText(all.p50Ms)],
                  ['95 % within (p95)', all.p95Ms === null ? 'none' : durationText(all.p95Ms)],
                ]}
              />
            </>
          );
        }}
      </Loaded>
    </Section>
  );
}

const Count = ({ count, outcome }: { count: number; outcome: typeof FAILED }) =>
  count === 0 ? (
    <>0</>
  ) : (
    <Link to="/runs" search={{ outcome, since: '-24h' }}>
      {count.toLocaleString('en')}
    </Link>
  );
