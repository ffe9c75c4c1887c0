import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useLocation, useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { call } from '../../api/call';
import { useRights } from '../../api/session';
import { Badge } from '../../kit/badge';
import { Button } from '../../kit/button';
import { Copy } from '../../kit/copy';
import { Question } from '../../kit/dialog';
import { forgetForms } from '../../kit/kept-forms';
import { Menu } from '../../kit/menu';
import { Notice } from '../../kit/notice';
import { Page } from '../../kit/page';
import { Loaded, Placeholder } from '../../kit/state';
import { Tabs } from '../../kit/tabs';
import { toastDone, toastFailed } from '../../kit/toast';
import { useActions } from '../../shell/actions';
import { callSnippets } from './call-snippets.rules';
import { endpointQueries, type Endpoint } from './endpoint.queries';
import { EndpointOverview } from './endpoint-overview';
import { EndpointSwitch } from './switch-endpoint';

const EditAccess = lazy(() => import('./edit-access'));
const EditAnswers = lazy(() => import('./edit-answers'));
const EditLimits = lazy(() => import('./edit-limits'));
const EditSettings = lazy(() => import('./edit-settings'));
const EndpointSchedules = lazy(() => import('../schedule/endpoint-schedules'));
const EndpointAlert = lazy(() => import('../alert/endpoint-alert'));
const ObjectHistory = lazy(() => import('../audit/object-history'));

const route = getRouteApi('/endpoints/$id');
const EditParameters = lazy(() => import('../parameter/edit-parameters'));
const TABS = [
  { id: 'overview', label: 'Overview' },
  { id: 'parameters', label: 'Parameters' },
  { id: 'access', label: 'Access' },
  { id: 'limits', label: 'Limits' },
  { id: 'answers', label: 'Answers' },
  { id: 'schedules', label: 'Schedules' },
  { id: 'alert', label: 'Alert' },
  { id: 'settings', label: 'Settings' },
  { id: 'history', label: 'History' },
] as const;

const PARTS = {
  overview: EndpointOverview,
  parameters: EditParameters,
  access: EditAccess,
  limits: EditLimits,
  answers: EditAnswers,
  schedules: EndpointSchedules,
  alert: EndpointAlert,
  settings: EditSettings,
  history: ({ endpoint }: { endpoint: Endpoint }) => <ObjectHistory objectId={endpoint.id} />,
};

/** One endpoint, a tab for each side of it. */
export function ShowEndpoint() {
  const { id } = route.useParams();
  const { tab = 'overview' } = route.useSearch();
  const query = useQuery(endpointQueries.one(id));
  const endpoint = query.data;
  const isGone = endpoint === undefined && query.isError;
  return (
    <Page
      title={endpoint ? `/u/${endpoint.path}` : 'Endpoint'}
      beside={endpoint && <State endpoint={endpoint} />}
      actions={endpoint && <Actions endpoint={endpoint} />}
      below={!isGone && <Tabs label="Parts of the endpoint" tabs={TABS} current={tab} />}
    >
      <Loaded query={query} what="the endpoint">
        {(data) => {
          const Part = PARTS[tab];
          return (
            <Suspense fallback={<Placeholder what={`the ${tab}`} />}>
              <Part key={data.id} endpoint={data} />
            </Suspense>
          );
        }}
      </Loaded>
    </Page>
  );
}

const State = ({ endpoint }: { endpoint: Endpoint }) => (
  <>
    <EndpointSwitch endpoint={endpoint} />
    {endpoint.active ? <Badge tone="good">on</Badge> : <Badge>off</Badge>}
  </>
);

function Actions({ endpoint }: { endpoint: Endpoint }) {
  const { may, whyNot } = useRights();
  const [asks, setAsks] = useState(false);
  const client = useQueryClient();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const { mutate, isPending } = useMutation({
    mutationFn: () => call('DELETE /admin/endpoints/:id', { params: { id: endpoint.id }, ifMatch: endpoint.revision }),
    onError: toastFailed,
    onSuccess: async () => {
      await navigate({ to: '/endpoints' });
      forgetForms(pathname);
      client.removeQueries({ queryKey: endpointQueries.one(endpoint.id).queryKey });
      await client.invalidateQueries({ queryKey: endpointQueries.all });
      toastDone(`Deleted /u/${endpoint.path}.`);
    },
  });
  const test = (): void =>
    void navigate({ to: '/handlers/at', search: { path: endpoint.handler.path, endpoint: endpoint.id } });
  useActions(may('handler.read') ? [{ id: 'test', label: 'Test the endpoint', keys: 'Mod+Enter', run: test }] : []);
  return (
    <>
      <Copy text={callSnippets(endpoint)[0]!.text} what="call as curl" label="Copy call" tone="plain" />
      <Button reason={whyNot('handler.read')} onPress={test}>
        Test
      </Button>
      <Menu
        label="More actions"
        actions={[
          {
            id: 'delete',
            label: 'Delete…',
            tone: 'danger',
            reason: whyNot('endpoint.write'),
            onAction: () => setAsks(true),
          },
        ]}
      />
      <Question
        title={`Delete /u/${endpoint.path}?`}
        verb="Delete endpoint"
        isOpen={asks}
        isPending={isPending}
        onClose={() => setAsks(false)}
        onConfirm={() => mutate()}
      >
        <p>Its URL answers 404 from then on. Its handler and its runs stay.</p>
        {endpoint.active && <Notice tone="warn">It is on: callers may be using it.</Notice>}
      </Question>
    </>
  );
}
