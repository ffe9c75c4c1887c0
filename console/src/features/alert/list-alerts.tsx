import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { rolesFor, useRights } from '../../api/session';
import { Badge, StateBadge } from '../../kit/badge';
import { Page } from '../../kit/page';
import { PagedTable } from '../../kit/paged-table';
import { Empty, NoRight } from '../../kit/state';
import type { Column } from '../../kit/table';
import { Time } from '../../kit/time';
import { isDelivered, ruleText, stateOfAlert } from './alert-state.rules';
import { alertQueries, type ListedAlert } from './alert.queries';

const COLUMNS: readonly Column<ListedAlert>[] = [
  {
    id: 'endpoint',
    header: 'Endpoint',
    cell: ({ endpoint: { id, path } }) => (
      <Link to="/endpoints/$id" params={{ id }} search={{ tab: 'alert' }} data-row="">
        /u/{path}
      </Link>
    ),
  },
  {
    id: 'state',
    header: 'State',
    cell: (alert) => (
      <>
        <StateBadge state={stateOfAlert(alert)} /> {alert.since !== null && <Time at={alert.since} />}
      </>
    ),
  },
  { id: 'rule', header: 'Fires', shown: 'medium', cell: (alert) => ruleText(alert) },
  { id: 'receiver', header: 'Receiver', shown: 'wide', cell: ({ url }) => <code>{url}</code> },
  {
    id: 'last',
    header: 'Last message',
    shown: 'medium',
    cell: ({ lastResult, lastResultAt, waiting }) => (
      <>
        {lastResult === null || lastResultAt === null ? (
          'none yet'
        ) : (
          <>
            <Badge tone={isDelivered(lastResult) ? 'good' : 'bad'}>{lastResult}</Badge> <Time at={lastResultAt} />
          </>
        )}
        {waiting !== null && (
          <>
            {', again '}
            <Time at={waiting.nextAttemptAt} />
          </>
        )}
      </>
    ),
  },
];

/** The alerts of all endpoints, those that fire first. */
export function ListAlerts() {
  const { may } = useRights();
  return (
    <Page title="Alerts">
      {may('endpoint.read') ? <Alerts /> : <NoRight what="alerts" roles={rolesFor('endpoint.read')} />}
    </Page>
  );
}

const Alerts = () => (
  <PagedTable
    label="Alerts"
    words={['alert', 'alerts']}
    query={useInfiniteQuery(alertQueries.list)}
    columns={COLUMNS}
    keyOf={({ endpoint }) => endpoint.id}
    empty={
      <Empty title="No alert yet" action={<Link to="/endpoints">Endpoints</Link>}>
        An alert sends a signed message when runs of an endpoint fail. Make one at an endpoint, under Alert.
      </Empty>
    }
  />
);
