import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { rolesFor, useRights } from '../../api/session';
import { startOf } from '../../draft/draft.rules';
import { useKeptDraft } from '../../draft/use-draft';
import { Page } from '../../kit/page';
import { Loaded, NoRight, Placeholder } from '../../kit/state';
import { endpointQueries } from '../endpoint/endpoint.queries';
import { workflowQueries } from '../workflow/workflow.queries';
import { chosenEndpoint } from './chosen-endpoint.rules';
import { HandlerPage } from './handler-page';
import { handlerQueries, type Handler, type VersionWithSource } from './handler.queries';
import { toSaved } from './use-handler-draft';

const route = getRouteApi('/handlers/$id');
const CompareVersions = lazy(() => import('./compare-versions'));
const EditHandler = lazy(() => import('./edit-handler'));
const EditWorkflow = lazy(() => import('../workflow/edit-workflow'));
const HandlerUses = lazy(() => import('./handler-uses'));
const ListVersions = lazy(() => import('./list-versions'));
const ReadVersion = lazy(() => import('./read-version'));

/** One handler: its source with a draft, its versions, and what uses it. */
export function ShowHandler() {
  const { may } = useRights();
  if (may('handler.read')) return <ShownHandler />;
  return (
    <Page title="Handler">
      <NoRight what="handlers" roles={rolesFor('handler.read')} />
    </Page>
  );
}

function ShownHandler() {
  const { id } = route.useParams();
  const { tab = 'code', version, from, to } = route.useSearch();
  const query = useQuery(handlerQueries.one(id));
  const handler = query.data;
  const isReading = tab !== 'code' && tab !== 'json';
  const shown = (
    <Loaded query={query} what="the handler">
      {(data) => {
        if (tab === 'uses') return <HandlerUses handler={data} />;
        if (from !== undefined) return <CompareVersions handler={data} from={from} to={to ?? data.latestVersion} />;
        if (tab === 'versions') return <ListVersions handler={data} />;
        return <ReadVersion handler={data} version={version ?? data.latestVersion} />;
      }}
    </Loaded>
  );
  if (handler && !isReading && version === undefined && handler.language !== 'graph')
    return <WithDraft key={id} handler={handler} />;
  return (
    <HandlerPage handler={handler} current={tab}>
      <Suspense fallback={<Placeholder what="this part" />}>{shown}</Suspense>
    </HandlerPage>
  );
}

/** Reads the endpoint that an editor shows beside its source, and its last run, as soon as it is known which one: the editor has them in the cache. */
function useEndpointOfEditor({ id, language }: Handler): void {
  const { may } = useRights();
  const { tab, endpoint } = route.useSearch();
  const { data } = useQuery(handlerQueries.types(id));
  const chosen = chosenEndpoint(data?.endpoints ?? [], endpoint);
  const of = chosen?.id ?? '';
  useQuery({ ...endpointQueries.one(of), enabled: chosen !== null, notifyOnChangeProps: [] });
  const showsRun = language === 'workflow' && tab !== 'json' && may('run.read');
  useQuery({ ...workflowQueries.lastRun(of), enabled: chosen !== null && showsRun, notifyOnChangeProps: [] });
}

/** Returns the newest version, as it was when an editor opened: the editor stays when another user saves, and says what happened. */
function useOpened({ id, latestVersion }: Handler) {
  const [opened, setOpened] = useState<VersionWithSource>();
  const query = useQuery({ ...handlerQueries.latest(id), enabled: opened === undefined });
  const { data, isFetching } = query;
  // A version that was read at an earlier visit may be older than the handler; the newest one is on its way.
  if (opened === undefined && data !== undefined && (data.version >= latestVersion || !isFetching)) setOpened(data);
  return { query, opened };
}

/** Opens the editor with what is saved, or with the draft that this machine or the service keeps. */
function WithDraft({ handler }: { handler: Handler }) {
  const { tab = 'code' } = route.useSearch();
  useEndpointOfEditor(handler);
  const { query, opened } = useOpened(handler);
  const kept = useKeptDraft({ kind: 'handler', id: handler.id });
  if (opened === undefined || kept.data === undefined)
    return (
      <HandlerPage handler={handler} current={tab}>
        <Loaded query={query} what="the source">
          {() => <Placeholder what="the draft" />}
        </Loaded>
      </HandlerPage>
    );
  // A project pushed it as many files: saving one of them here would lose the others.
  if (opened.files)
    return (
      <HandlerPage handler={handler} current={tab}>
        <Suspense fallback={<Placeholder what="the source" />}>
          <ReadVersion handler={handler} version={opened.version} />
        </Suspense>
      </HandlerPage>
    );
  const { local, remote } = kept.data;
  const saved = toSaved(opened);
  const start = startOf(saved, local, remote);
  const Editor = handler.language === 'workflow' ? EditWorkflow : EditHandler;
  return (
    <Suspense fallback={<Placeholder what="the editor" />}>
      <Editor handler={handler} saved={saved} start={start} />
    </Suspense>
  );
}
