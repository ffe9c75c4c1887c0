import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { RunOutcome } from '../../../../src/core/runs/run.schema';
import { rolesFor, useRights } from '../../api/session';
import { Facts, Section } from '../../kit/page';
import { Loaded, NoRight } from '../../kit/state';
import { FAILED } from '../run/outcome.rules';
import { monthOf, ofQuota } from './key-usage.rules';
import { keyQueries, type Key } from './key.queries';

/** How often a key was used, against its quotas. */
export function KeyUsage({ value: { id, quota } }: { value: Key }) {
  const { may } = useRights();
  const query = useQuery({ ...keyQueries.month(id), enabled: may('run.read') });
  if (!may('run.read'))
    return (
      <Section title="Calls">
        <NoRight what="calls" roles={rolesFor('run.read')} />
      </Section>
    );
  const runs = { caller: id, kind: 'live' } as const;
  return (
    <Section
      title="Calls"
      aside={
        <Link to="/runs" search={runs}>
          All runs with it
        </Link>
      }
    >
      <Loaded query={query} what="calls">
        {(stats) => {
          const { today, month, failed } = monthOf(stats, Date.now());
          const of = { ...runs, since: stats.since };
          return (
            <Facts
              facts={[
                ['Today (UTC)', ofQuota(today, quota.perDay)],
                ['This month (UTC)', ofQuota(month, quota.perMonth)],
                [
                  'Refused this month',
                  <Outcome key="refused" calls={month.refused} runs={{ ...of, outcome: ['rejected'] }} />,
                ],
                ['Failed this month', <Outcome key="failed" calls={failed} runs={{ ...of, outcome: FAILED }} />],
              ]}
            />
          );
        }}
      </Loaded>
    </Section>
  );
}

interface OutcomeProps {
  calls: number;
  runs: { caller: string; kind: 'live'; outcome: RunOutcome[]; since: string };
}

/** A number of calls, which leads to their runs. */
const Outcome = ({ calls, runs }: OutcomeProps) =>
  calls === 0 ? (
    '0'
  ) : (
    <Link to="/runs" search={runs}>
      {calls.toLocaleString('en')}
    </Link>
  );
