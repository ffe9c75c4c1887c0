import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { rolesFor, useRights } from '../../api/session';
import { Page } from '../../kit/page';
import { Empty, Loaded, NoRight } from '../../kit/state';
import { Table, type Column } from '../../kit/table';
import { ActOnSchedule } from './act-on-schedule';
import { scheduleColumns } from './schedule-columns';
import { scheduleQueries, type ListedSchedule } from './schedule.queries';
import styles from './schedule.module.css';

const COLUMNS: readonly Column<ListedSchedule>[] = [
  {
    id: 'name',
    header: 'Schedule',
    cell: ({ name, endpoint: { id, path } }) => (
      <>
        <Link to="/endpoints/$id" params={{ id }} search={{ tab: 'schedules' }} data-row="">
          {name}
        </Link>
        <span className={styles.quiet}>/u/{path}</span>
      </>
    ),
  },
  ...scheduleColumns<ListedSchedule>(({ endpoint }) => endpoint.active),
  {
    id: 'acts',
    header: 'Acts',
    shown: 'medium',
    align: 'end',
    cell: (schedule) => <ActOnSchedule endpointId={schedule.endpoint.id} schedule={schedule} />,
  },
];

/** The schedules of all endpoints, the next to run first. */
export function ListSchedules() {
  const { may } = useRights();
  return (
    <Page title="Schedules">
      {may('endpoint.read') ? <Schedules /> : <NoRight what="schedules" roles={rolesFor('endpoint.read')} />}
    </Page>
  );
}

function Schedules() {
  const query = useQuery(scheduleQueries.list);
  return (
    <Loaded query={query} what="schedules">
      {({ items, more }) =>
        items.length === 0 ? (
          <Empty title="No schedule yet" action={<Link to="/endpoints">Endpoints</Link>}>
            A schedule runs an endpoint by itself. Make one at an endpoint, under Schedules.
          </Empty>
        ) : (
          <>
            <Table
              label="Schedules"
              rows={items}
              columns={COLUMNS}
              keyOf={({ name, endpoint }) => `${endpoint.id} ${name}`}
            />
            <p role="status">
              {items.length} {items.length === 1 ? 'schedule' : 'schedules'}
              {more && ', and more: those that run next are shown'}
            </p>
          </>
        )
      }
    </Loaded>
  );
}
