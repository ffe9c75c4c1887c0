import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { lazy, Suspense, useMemo, useState } from 'react';
import { useRights } from '../../api/session';
import type { DraftStart } from '../../draft/draft.rules';
import { typeScriptAssist } from '../../editor/assist';
import { offsetOf, toFinding, type Finding } from '../../editor/finding.rules';
import { Findings } from '../../editor/findings';
import { useFindings } from '../../editor/use-findings';
import { Placeholder } from '../../kit/state';
import { chosenEndpoint } from './chosen-endpoint.rules';
import { DraftActions } from './draft-actions';
import { DraftNotices } from './draft-notices';
import { handlerQueries, type Handler, type HandlerTypes } from './handler.queries';
import styles from './handler.module.css';
import { HandlerPage, State } from './handler-page';
import { editorLanguageOf } from './start.rules';
import { TestPanel } from './test-panel';
import { useHandlerDraft, type Saved } from './use-handler-draft';

const CodeEditor = lazy(() => import('../../editor/code-editor'));
const NO_ENDPOINTS: HandlerTypes['endpoints'] = [];
const route = getRouteApi('/handlers/$id');

/** The source of a handler beside its test. */
export default function EditHandler({ handler, saved, start }: { handler: Handler; saved: Saved; start: DraftStart }) {
  const { may } = useRights();
  const { line, endpoint } = route.useSearch();
  const draft = useHandlerDraft(handler, saved, start);
  const language = editorLanguageOf(handler.language);
  const types = useQuery(handlerQueries.types(handler.id));
  const endpoints = types.data?.endpoints ?? NO_ENDPOINTS;
  const chosen = chosenEndpoint(endpoints, endpoint);
  const declarations = types.data?.text;
  const assist = useMemo(() => {
    if (declarations === undefined || (language !== 'typescript' && language !== 'javascript')) return null;
    return typeScriptAssist(language, { declarations, endpoint: chosen });
    // An endpoint that was read again is the same one.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [language, declarations, chosen?.id]);
  const mayWrite = may('handler.write');
  const found = useFindings(handler.path, draft.text, assist, mayWrite);
  const findings = useMemo(
    () => [...draft.refused.map((issue) => toFinding(draft.text, placed(issue), 'error')), ...found],
    // oxlint-disable-next-line react-hooks/exhaustive-deps
    [draft.refused, found],
  ) as readonly Finding[];
  const [goTo, setGoTo] = useState<{ at: number } | null>(() =>
    line === undefined ? null : { at: offsetOf(start.text, line, 1) },
  );
  return (
    <HandlerPage
      handler={handler}
      current="code"
      beside={<State draft={draft} />}
      actions={<DraftActions handler={handler} draft={draft} language={language} />}
    >
      <DraftNotices draft={draft} language={language} />
      <div className={styles.panes}>
        <section className={styles.pane} aria-label="Source">
          <Suspense fallback={<Placeholder rows={12} what="the editor" />}>
            <CodeEditor
              label={`Source of ${handler.path}`}
              language={language}
              value={draft.text}
              {...(mayWrite && { onChange: draft.write })}
              findings={findings}
              assist={assist}
              goTo={goTo}
            />
          </Suspense>
          <p className={styles.quiet}>Escape, then Tab leaves the editor.</p>
          <Findings text={draft.text} findings={findings} onGo={(at) => setGoTo({ at })} />
        </section>
        <TestPanel
          endpoints={endpoints}
          handlerPath={handler.path}
          chosenId={chosen?.id ?? null}
          isDraft={draft.isChanged}
          readText={draft.readText}
          version={draft.saved.version}
          onGo={setGoTo}
        />
      </div>
    </HandlerPage>
  );
}

/** The line and the column of a refused source are at the start of its message. */
function placed(issue: { message: string; line?: number; column?: number }): {
  message: string;
  line?: number;
  column?: number;
} {
  const [, line, column] = /^line (\d+), column (\d+)/.exec(issue.message) ?? [];
  return line === undefined ? issue : { ...issue, line: Number(line), column: Number(column) };
}
