import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useRights } from '../../api/session';
import { Badge } from '../../kit/badge';
import { printable } from '../../kit/json-tree.rules';
import { Section } from '../../kit/page';
import { Failed, Placeholder } from '../../kit/state';
import { Time } from '../../kit/time';
import { FAILED } from '../run/outcome.rules';
import { runQueries } from '../run/run.queries';
import { expiring, failingEndpoints, loudAlerts, usedQuotas, type Attention } from './attention.rules';
import { overviewQueries } from './overview.queries';
import styles from './overview.module.css';

/** Alerts that fire, failing endpoints, keys and tokens that expire, quotas that are nearly used. Each is a link to what explains it. */
export function NeedsAttention({ endpoints }: { endpoints: readonly { id: string; path: string }[] }) {
  const { may } = useRights();
  const runs = useQuery({ ...runQueries.dayBy('endpoint'), enabled: may('run.read') });
  const alerts = useQuery({ ...overviewQueries.alerts, enabled: may('endpoint.read') });
  const keys = useQuery({ ...overviewQueries.expiringKeys, enabled: may('key.read') });
  const tokens = useQuery({ ...overviewQueries.expiringTokens, enabled: may('token.read') });
  const limited = useQuery({ ...overviewQueries.limitedKeys, enabled: may('key.read') });
  const hasQuota = (limited.data?.items.length ?? 0) > 0;
  const used = useQuery({ ...overviewQueries.byKey, enabled: hasQuota && may('run.read') });
  const read = [runs, alerts, keys, tokens, limited, used];
  const failed = read.find(({ error, data }) => error && data === undefined);
  const isLoading = read.some((query) => query.isLoading);
  const found: Attention[] = [
    ...loudAlerts(alerts.data?.items ?? []),
    ...failingEndpoints(runs.data?.items ?? [], endpoints),
    ...expiring(keys.data?.items ?? [], tokens.data?.items ?? [], Date.now()),
    ...usedQuotas(limited.data?.items ?? [], used.data?.items ?? []),
  ];
  return (
    <Section title="Needs attention">
      {failed && <Failed error={failed.error} onRetry={() => void failed.refetch()} />}
      {!failed && isLoading && <Placeholder rows={2} what="what needs attention" />}
      {!failed && !isLoading && found.length === 0 && (
        <p>
          <Badge tone="good">Nothing</Badge> No call failed in 24 hours, and no key or token expires within 14 days.
        </p>
      )}
      <ul className={styles.list}>
        {found.map((one) => (
          <li key={`${one.kind} ${one.id}`} className={styles.line}>
            <Item item={one} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Item({ item }: { item: Attention }) {
  switch (item.kind) {
    case 'alert':
      return (
        <>
          <Badge tone="bad">{item.since === null ? 'alert not delivered' : 'alert'}</Badge>
          <Link to="/endpoints/$id" params={{ id: item.id }} search={{ tab: 'alert' }}>
            /u/{printable(item.path)}
          </Link>
          {item.since !== null && (
            <span className={styles.quiet}>
              since <Time at={item.since} />
            </span>
          )}
        </>
      );
    case 'endpoint':
      return (
        <>
          <Badge tone="bad">failing</Badge>
          <Link to="/endpoints/$id" params={{ id: item.id }}>
            {item.path === null ? printable(item.id) : `/u/${printable(item.path)}`}
          </Link>
          <Link to="/runs" search={{ endpointId: item.id, outcome: FAILED, kind: 'live', since: '-24h' }}>
            {item.failed.toLocaleString('en')} of {item.calls.toLocaleString('en')} calls failed in 24 hours
          </Link>
        </>
      );
    case 'expiring':
      return (
        <>
          <Badge tone={item.isExpired ? 'bad' : 'warn'}>{item.isExpired ? 'expired' : 'expires'}</Badge>
          {item.noun === 'key' ? (
            <Link to="/keys/$id" params={{ id: item.id }}>
              Key {printable(item.name)}
            </Link>
          ) : (
            <Link to="/tokens" search={{ tab: 'callers' }}>
              Token {printable(item.name)}
            </Link>
          )}
          <span className={styles.quiet}>
            <Time at={item.expiresAt} />
          </span>
        </>
      );
    case 'quota':
      return (
        <>
          <Badge tone={item.calls >= item.perDay ? 'bad' : 'warn'}>quota</Badge>
          <Link to="/keys/$id" params={{ id: item.id }}>
            Key {printable(item.alias)}
          </Link>
          <span className={styles.quiet}>
            {item.calls.toLocaleString('en')} of {item.perDay.toLocaleString('en')} calls today
          </span>
        </>
      );
  }
}
