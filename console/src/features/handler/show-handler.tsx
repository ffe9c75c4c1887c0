import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { rolesFor, useRights } from '../../api/session';
import { startOf } from '../../draft/draft.rules';
import { useKeptDraft } from '../../draft/use-draft';
import { Page } from '../../kit/page';
import { Loaded, NoRight, Placeholder } from '../../kit/state';
import { HandlerPage } from './handler-page';
import { handlerQueries, type Handler } from './handler.queries';
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

/** Opens the editor with what is saved, or with the draft that this machine or the service keeps. */
function WithDraft({ handler }: { handler: Handler }) {
  const { tab = 'code' } = route.useSearch();
  // The editor stays when another user saves: it has the draft, and says what happened.
  const [latest] = useState(handler.latestVersion);
  const version = useQuery(handlerQueries.version(handler.id, latest));
  const kept = useKeptDraft({ kind: 'handler', id: handler.id });
  const opened = version.data;
  if (opened === undefined || kept.data === undefined)
    return (
      <HandlerPage handler={handler} current={tab}>
        <Loaded query={version} what="the source">
          {() => <Placeholder what="the draft" />}
        </Loaded>
      </HandlerPage>
    );
  // A project pushed it as many files: saving one of them here would lose the others.
  if (opened.files)
    return (
      <HandlerPage handler={handler} current={tab}>
        <Suspense fallback={<Placeholder what="the source" />}>
          <ReadVersion handler={handler} version={latest} />
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
