import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { rolesFor, useRights } from '../../api/session';
import { Facts, Section } from '../../kit/page';
import { Loaded, NoRight } from '../../kit/state';
import { FAILED } from '../run/outcome.rules';
import { usedOf } from './key-limits.rules';
import { monthOf } from './key-usage.rules';
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
          return (
            <Facts
              facts={[
                ['Today (UTC)', ofQuota(today, quota.perDay)],
                ['This month (UTC)', ofQuota(month, quota.perMonth)],
                [
                  'Failed this month',
                  failed === 0 ? (
                    '0'
                  ) : (
                    <Link key="failed" to="/runs" search={{ ...runs, outcome: FAILED, since: stats.since }}>
                      {failed.toLocaleString('en')}
                    </Link>
                  ),
                ],
              ]}
            />
          );
        }}
      </Loaded>
    </Section>
  );
}

const ofQuota = (calls: number, quota: number | null): string =>
  quota === null
    ? calls.toLocaleString('en')
    : `${usedOf(calls, quota).toLocaleString('en')} of ${quota.toLocaleString('en')}`;
