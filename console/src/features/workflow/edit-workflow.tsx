import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { lazy, Suspense, useMemo, useState } from 'react';
import { useRights } from '../../api/session';
import type { DraftStart } from '../../draft/draft.rules';
import { toFinding } from '../../editor/finding.rules';
import { Findings } from '../../editor/findings';
import { Loaded, Placeholder } from '../../kit/state';
import { endpointQueries, type Endpoint } from '../endpoint/endpoint.queries';
import { chosenEndpoint } from '../handler/chosen-endpoint.rules';
import { DraftActions } from '../handler/draft-actions';
import { DraftNotices } from '../handler/draft-notices';
import { HandlerPage, State } from '../handler/handler-page';
import { handlerQueries, type Handler } from '../handler/handler.queries';
import { useHandlerDraft, type HandlerDraft, type Saved } from '../handler/use-handler-draft';
import { EditSteps } from './edit-steps';
import { useWorkflowCheck, type WorkflowIssue } from './use-workflow-check';
import { workflowQueries } from './workflow.queries';
import styles from './workflow.module.css';

const CodeEditor = lazy(() => import('../../editor/code-editor'));
const route = getRouteApi('/handlers/$id');

/** A workflow as steps or as JSON: two views of the same draft. */
export default function EditWorkflow({ handler, saved, start }: { handler: Handler; saved: Saved; start: DraftStart }) {
  const { tab = 'code', endpoint: endpointId } = route.useSearch();
  const draft = useHandlerDraft(handler, saved, start);
  const types = useQuery(handlerQueries.types(handler.id));
  const actions = useQuery(workflowQueries.actions);
  const endpoints = types.data?.endpoints ?? [];
  const chosen = chosenEndpoint(endpoints, endpointId);
  const endpoint = useQuery({ ...endpointQueries.one(chosen?.id ?? ''), enabled: chosen !== null });
  const issues = useWorkflowCheck(handler.path, draft.text, endpoint.data ?? null);
  return (
    <HandlerPage
      handler={handler}
      current={tab}
      beside={<State draft={draft} />}
      actions={<DraftActions handler={handler} draft={draft} language="json" />}
    >
      <DraftNotices draft={draft} language="json" />
      {tab === 'json' ? (
        <JsonView handler={handler} draft={draft} issues={issues} />
      ) : (
        <Loaded query={actions} what="the actions">
          {(known) => (
            <EditSteps
              handler={handler}
              draft={draft}
              actions={known}
              issues={issues}
              endpoints={endpoints}
              endpoint={(chosen === null ? undefined : endpoint.data) as Endpoint | undefined}
            />
          )}
        </Loaded>
      )}
    </HandlerPage>
  );
}

function JsonView(props: { handler: Handler; draft: HandlerDraft; issues: readonly WorkflowIssue[] }) {
  const { handler, draft, issues } = props;
  const { may } = useRights();
  const { line } = route.useSearch();
  const [goTo, setGoTo] = useState<{ at: number } | null>(null);
  const { text } = draft;
  const findings = useMemo(() => issues.map((issue) => toFinding(text, issue, issue.severity)), [text, issues]);
  return (
    <section className={styles.pane} aria-label="JSON" key={line}>
      <Suspense fallback={<Placeholder rows={12} what="the editor" />}>
        <CodeEditor
          label={`Source of ${handler.path}`}
          language="json"
          value={text}
          {...(may('handler.write') && { onChange: draft.write })}
          findings={findings}
          goTo={goTo}
        />
      </Suspense>
      <p className={styles.quiet}>Escape, then Tab leaves the editor. The steps are the same document.</p>
      <Findings text={text} findings={findings} onGo={(at) => setGoTo({ at })} />
    </section>
  );
}
