import { useQuery } from '@tanstack/react-query';
import { Section } from '../../kit/page';
import { Loaded } from '../../kit/state';
import { Table, type Column } from '../../kit/table';
import type { Endpoint } from '../endpoint/endpoint.queries';
import { ActOnSchedule } from './act-on-schedule';
import { EditSchedules } from './edit-schedules';
import { zonedTime } from './schedule-form.rules';
import { scheduleColumns } from './schedule-columns';
import { scheduleQueries, type ScheduleState } from './schedule.queries';
import styles from './schedule.module.css';

/** When an endpoint runs by itself: its times, and the form that sets them. */
export default function EndpointSchedules({ endpoint }: { endpoint: Endpoint }) {
  return (
    <>
      {endpoint.schedules.length > 0 && <Times endpoint={endpoint} />}
      <EditSchedules endpoint={endpoint} />
    </>
  );
}

function Times({ endpoint: { id, active } }: { endpoint: Endpoint }) {
  const query = useQuery(scheduleQueries.of(id));
  const columns: readonly Column<ScheduleState>[] = [
    { id: 'name', header: 'Schedule', cell: ({ name }) => <code>{name}</code> },
    ...scheduleColumns<ScheduleState>(() => active),
    {
      id: 'then',
      header: 'Then',
      shown: 'wide',
      cell: ({ next, zone }) =>
        next.slice(1).map((at) => (
          <span key={at} className={styles.quiet}>
            {zonedTime(Date.parse(at), zone)}
          </span>
        )),
    },
    {
      id: 'acts',
      header: 'Acts',
      align: 'end',
      cell: (schedule) => <ActOnSchedule endpointId={id} schedule={schedule} />,
    },
  ];
  return (
    <Section title="Times">
      <Loaded query={query} what="the times">
        {({ schedules }) => <Table label="Times" rows={schedules} columns={columns} keyOf={({ name }) => name} />}
      </Loaded>
    </Section>
  );
}
