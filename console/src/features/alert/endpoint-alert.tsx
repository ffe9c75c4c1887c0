import { useMutation, useQuery } from '@tanstack/react-query';
import { Send } from 'lucide-react';
import { call } from '../../api/call';
import { useRights } from '../../api/session';
import { Badge, StateBadge } from '../../kit/badge';
import { Button } from '../../kit/button';
import { Notice } from '../../kit/notice';
import { Facts, Section } from '../../kit/page';
import { Loaded } from '../../kit/state';
import { Table, type Column } from '../../kit/table';
import { Time } from '../../kit/time';
import type { Endpoint } from '../endpoint/endpoint.queries';
import { isDelivered, stateOfAlert, wordOfMessage } from './alert-state.rules';
import { alertQueries, type AlertState } from './alert.queries';
import { EditAlert } from './edit-alert';

/** The receiver of alerts of an endpoint, and the state of its messages. */
export default function EndpointAlert({ endpoint }: { endpoint: Endpoint }) {
  return (
    <>
      {endpoint.alert !== null && <Messages endpoint={endpoint} />}
      <EditAlert endpoint={endpoint} />
    </>
  );
}

const COLUMNS: readonly Column<AlertState['attempts'][number]>[] = [
  { id: 'at', header: 'Sent', cell: ({ at }) => <Time at={at} /> },
  { id: 'type', header: 'Message', cell: ({ type }) => wordOfMessage(type) },
  {
    id: 'result',
    header: 'Result',
    cell: ({ result }) => <Badge tone={isDelivered(result) ? 'good' : 'bad'}>{result}</Badge>,
  },
];

function Messages({ endpoint: { id } }: { endpoint: Endpoint }) {
  const query = useQuery(alertQueries.of(id));
  return (
    <Section title="Messages" aside={<TestAlert endpointId={id} />}>
      <Loaded query={query} what="the messages">
        {(alert) => (
          <>
            <Facts
              facts={[
                ['State', <StateBadge key="state" state={stateOfAlert(alert)} />],
                ...(alert.since === null ? [] : [['Fires since', <Time key="since" at={alert.since} />] as const]),
                ...(alert.waiting === null
                  ? []
                  : [
                      [
                        'Waits',
                        `“${wordOfMessage(alert.waiting.type)}”, after ${alert.waiting.attempts} attempts`,
                      ] as const,
                      ['Next attempt', <Time key="next" at={alert.waiting.nextAttemptAt} />] as const,
                    ]),
              ]}
            />
            {alert.attempts.length === 0 ? (
              <p>No message was sent yet.</p>
            ) : (
              <Table label="Attempts to deliver" rows={alert.attempts} columns={COLUMNS} keyOf={({ at }) => at} />
            )}
          </>
        )}
      </Loaded>
    </Section>
  );
}

/** Sends a message as a test, and says what became of it. */
function TestAlert({ endpointId }: { endpointId: string }) {
  const { whyNot } = useRights();
  const { mutate, data, error, isPending } = useMutation({
    mutationFn: () => call('POST /admin/endpoints/:id/alert/test', { params: { id: endpointId } }),
  });
  return (
    <div role="status">
      <Button icon={<Send />} reason={whyNot('endpoint.test')} isPending={isPending} onPress={() => mutate()}>
        Send a test
      </Button>
      {data && !isPending && <Notice tone={isDelivered(data.result) ? 'good' : 'bad'}>The test: {data.result}</Notice>}
      {error && <Notice tone="bad">{error.message}</Notice>}
    </div>
  );
}
