import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { call } from '../../api/call';
import { rolesFor, useRights } from '../../api/session';
import { Button } from '../../kit/button';
import { Copy } from '../../kit/copy';
import { printable } from '../../kit/json-tree.rules';
import { Facts, Page, Section } from '../../kit/page';
import { Loaded, NoRight } from '../../kit/state';
import { durationText } from '../../kit/time.rules';
import { Time } from '../../kit/time';
import { toastDone, toastFailed } from '../../kit/toast';
import { useActions } from '../../shell/actions';
import { Outcome } from './outcome';
import { curlOf, testRequestOf, whyNotWhole } from './replay.rules';
import { PersonLink } from '../user/person-link';
import { callerText } from './run-list.rules';
import { LogsOfRun, OutboundOfRun } from './run-logs';
import { RunMessages } from './run-messages';
import { RunTimeline } from './run-timeline';
import { RunWhy } from './run-why';
import { runQueries, type Run } from './run.queries';
import styles from './run.module.css';

const route = getRouteApi('/runs/$id');

/** One run: why, then where, then what. */
export function ShowRun() {
  const { may } = useRights();
  if (may('run.read')) return <ShownRun />;
  return (
    <Page title="Run">
      <NoRight what="runs" roles={rolesFor('run.read')} />
    </Page>
  );
}

function ShownRun() {
  const { id } = route.useParams();
  const { step } = route.useSearch();
  const query = useQuery(runQueries.one(id));
  const run = query.data;
  return (
    <Page
      title={run?.endpointPath != null ? `Run of /u/${printable(run.endpointPath)}` : 'Run'}
      beside={
        run && (
          <>
            <Outcome value={run.outcome} /> {run.status}
          </>
        )
      }
      actions={run && <Actions run={run} />}
    >
      <Loaded query={query} what="the run">
        {(data) => (
          <>
            <RunWhy run={data} />
            <div className={styles.columns}>
              <RunFacts run={data} />
              <RunTimeline key={`${data.id} ${step}`} run={data} step={step} />
            </div>
            <RunMessages run={data} />
            <LogsOfRun run={data} />
            <OutboundOfRun run={data} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function RunFacts({ run }: { run: Run }) {
  const { endpointId, endpointPath, handlerPath, handlerVersion } = run;
  const handler =
    handlerPath === null ? 'none' : `${handlerPath}${handlerVersion === null ? '' : ` v${handlerVersion}`}`;
  return (
    <Section title="Call">
      <Facts
        facts={[
          ['When', <When key="when" run={run} />],
          ['Duration', run.durationMs === null ? 'not ended' : durationText(run.durationMs)],
          [
            'Endpoint',
            endpointPath === null ? (
              <code key="endpoint">{endpointId}</code>
            ) : (
              <Link key="endpoint" to="/endpoints/$id" params={{ id: endpointId }}>
                /u/{printable(endpointPath)}
              </Link>
            ),
          ],
          ['Handler', <code key="handler">{printable(handler)}</code>],
          ['Kind', run.kind],
          ['Caller', <Caller key="caller" run={run} />],
          ['Runs as', <PersonLink key="executor" id={run.executor} name={run.executorName} />],
          ['Instance', `${run.instance.mode}${run.instance.cold ? ', started for this call' : ''}`],
          ...(run.cached ? [['Answer', 'from the cache'] as const] : []),
          ...(run.staleMs === undefined
            ? []
            : [['Definition', `read ${durationText(run.staleMs)} before: the database was unavailable`] as const]),
          ...(run.calls > 1 ? [['Calls', `${run.calls.toLocaleString('en')} alike, in one record`] as const] : []),
          [
            'Id',
            <span key="id">
              <code>{run.id}</code> <Copy text={run.id} what="id of the run" />
            </span>,
          ],
        ]}
      />
    </Section>
  );
}

const When = ({ run: { startedAt } }: { run: Run }) => (
  <>
    <Time at={startedAt} /> <span className={styles.quiet}>{startedAt}</span>
  </>
);

const Caller = ({ run }: { run: Run }) =>
  run.caller.kind === 'key' && run.caller.id !== null ? (
    <Link to="/keys/$id" params={{ id: run.caller.id }}>
      {callerText(run)}
    </Link>
  ) : (
    <>{printable(callerText(run))}</>
  );

function Actions({ run }: { run: Run }) {
  const { may, whyNot } = useRights();
  const client = useQueryClient();
  const navigate = useNavigate();
  const curl = curlOf(run, location.origin);
  const request = testRequestOf(run);
  const reason = whyNot('endpoint.test') ?? (typeof request === 'string' ? request : undefined);
  const { mutate, isPending } = useMutation({
    mutationFn: (body: Exclude<typeof request, string>) =>
      call('POST /admin/endpoints/:id/test', { params: { id: run.endpointId }, body: { request: body } }),
    onError: toastFailed,
    onSuccess: async ({ run: made }) => {
      client.setQueryData(runQueries.one(made.id).queryKey, made);
      await navigate({ to: '/runs/$id', params: { id: made.id } });
      toastDone('Ran again, as a test with the current code. What it wrote to tables and other services stays.');
    },
    onSettled: () => client.invalidateQueries({ queryKey: ['runs', 'page'] }),
  });
  const again = (): void => {
    if (typeof request !== 'string') mutate(request);
  };
  const compare = (): void => void navigate({ to: '/runs/compare', search: { a: run.id } });
  useActions(
    may('endpoint.test') && reason === undefined
      ? [{ id: 'again', label: 'Run again as test', keys: 'Mod+Enter', run: again }]
      : [],
  );
  return (
    <>
      {curl === null ? (
        <Button reason={whyNotWhole(run) ?? undefined}>Copy as curl</Button>
      ) : (
        <Copy text={curl} what="as curl" label="Copy as curl" tone="plain" />
      )}
      <Button onPress={compare}>Compare…</Button>
      <Button reason={reason} isPending={isPending} onPress={again}>
        Run again as test
      </Button>
    </>
  );
}
