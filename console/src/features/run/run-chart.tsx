import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { memo, useState } from 'react';
import { Problem } from '../../api/problem';
import { Button } from '../../kit/button';
import { Failed } from '../../kit/state';
import { Table, type Column } from '../../kit/table';
import { clockTime, durationText } from '../../kit/time.rules';
import { FAILED, REFUSED } from './outcome.rules';
import { RunBars, type PickedTime } from './run-bars';
import { failedIn, refusedIn, toBars, type Bar } from './run-chart.rules';
import { leftOutOfStats, STEP_MS, type RunFilter } from './run-filter.rules';
import { runQueries } from './run.queries';
import styles from './run.module.css';

const range = ({ at, until }: Bar) => ({ since: new Date(at).toISOString(), until: new Date(until).toISOString() });

const COLUMNS: readonly Column<Bar>[] = [
  {
    id: 'from',
    header: 'From',
    cell: (bar) => (
      <Link from="/runs" to="." search={(now) => ({ ...now, ...range(bar), live: undefined, cursor: undefined })}>
        {clockTime(bar.at, Date.now())}
      </Link>
    ),
  },
  { id: 'calls', header: 'Calls', align: 'end', cell: ({ calls }) => calls.toLocaleString('en') },
  { id: 'failed', header: 'Failed', align: 'end', shown: 'medium', cell: ({ failed }) => failed },
  { id: 'refused', header: 'Refused', align: 'end', shown: 'medium', cell: ({ refused }) => refused },
  {
    id: 'p95',
    header: 'p95',
    align: 'end',
    shown: 'medium',
    cell: ({ p95Ms }) => (p95Ms === null ? '' : durationText(p95Ms)),
  },
];

/** Calls over time, as bars with a table behind them; a bar narrows the list to its time. */
export const RunChart = memo(function RunChart({ filter }: { filter: RunFilter }) {
  const { data, error, refetch } = useQuery(runQueries.stats(filter));
  const navigate = useNavigate({ from: '/runs' });
  const pick = (picked: PickedTime): void =>
    void navigate({ search: (now) => ({ ...now, ...picked, live: undefined, cursor: undefined }) });
  const [isTable, setTable] = useState(false);
  // The path of an endpoint that is gone has runs, and no counts.
  if (error instanceof Problem && error.status === 404) return null;
  if (error && data === undefined) return <Failed error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <div className={styles.chart} aria-busy="true" />;
  const bars = toBars(data.stats, STEP_MS[data.step]);
  const all = data.stats.items[0];
  const leftOut = leftOutOfStats(filter);
  return (
    <section aria-label="Calls over time" className={styles.counts}>
      <p className={styles.line}>
        <span>
          {(all?.calls ?? 0).toLocaleString('en')} calls
          {filter.since === undefined && ' in 24 hours'}, by {data.step}
        </span>
        {all && <Counts failed={failedIn(all)} refused={refusedIn(all)} isDay={filter.since === undefined} />}
        {all?.p95Ms != null && <span>p95 {durationText(all.p95Ms)}</span>}
        {leftOut.length > 0 && <span className={styles.quiet}>not filtered by {leftOut.join(', ')}</span>}
        <Button tone="quiet" aria-expanded={isTable} onPress={() => setTable(!isTable)}>
          {isTable ? 'Hide the table' : 'Show as a table'}
        </Button>
      </p>
      <RunBars bars={bars} onPick={pick} />
      {isTable && (
        <div className={styles.tableOfBars}>
          <Table
            label="Calls over time"
            rows={bars.filter(({ calls }) => calls > 0)}
            columns={COLUMNS}
            keyOf={({ at }) => String(at)}
          />
        </div>
      )}
    </section>
  );
});

const Counts = ({ failed, refused, isDay }: { failed: number; refused: number; isDay: boolean }) => (
  <>
    {[
      { count: failed, word: 'failed', outcome: FAILED },
      { count: refused, word: 'refused', outcome: REFUSED },
    ].map(({ count, word, outcome }) =>
      count === 0 ? (
        <span key={word}>0 {word}</span>
      ) : (
        <Link
          key={word}
          from="/runs"
          to="."
          search={(now) => ({ ...now, outcome, ...(isDay && { since: '-24h' }), cursor: undefined })}
        >
          {count.toLocaleString('en')} {word}
        </Link>
      ),
    )}
  </>
);
