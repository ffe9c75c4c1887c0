import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { rolesFor, useRights } from '../../api/session';
import { Page } from '../../kit/page';
import { PagedTable } from '../../kit/paged-table';
import { Empty, NoRight } from '../../kit/state';
import type { Column } from '../../kit/table';
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

const Schedules = () => (
  <PagedTable
    label="Schedules"
    words={['schedule', 'schedules']}
    query={useInfiniteQuery(scheduleQueries.list)}
    columns={COLUMNS}
    keyOf={({ name, endpoint }) => `${endpoint.id} ${name}`}
    empty={
      <Empty title="No schedule yet" action={<Link to="/endpoints">Endpoints</Link>}>
        A schedule runs an endpoint by itself. Make one at an endpoint, under Schedules.
      </Empty>
    }
  />
);
