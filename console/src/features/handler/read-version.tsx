import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { Loaded, Placeholder } from '../../kit/state';
import { Notice } from '../../kit/notice';
import { Time } from '../../kit/time';
import { handlerQueries, type Handler } from './handler.queries';
import styles from './handler.module.css';
import { editorLanguageOf } from './start.rules';

const CodeEditor = lazy(() => import('../../editor/code-editor'));

/** A version as it was saved; versions never change. */
export default function ReadVersion({ handler, version }: { handler: Handler; version: number }) {
  const query = useQuery(handlerQueries.version(handler.id, version));
  return (
    <Loaded query={query} what={`v${version}`}>
      {({ source, files, note, createdAt, createdBy }) => (
        <>
          <Notice tone="info">
            <p>
              v{version} of {handler.latestVersion}, saved <Time at={createdAt} /> by {createdBy}
              {note !== '' && `: ${note}`}. It can only be read.
            </p>
            <p className={styles.bar}>
              {files !== null ? (
                'A project has pushed it as several files, of which this is the entry: change it there, and push it again.'
              ) : handler.language === 'graph' ? (
                'A graph is changed in its own editor, and published again from there.'
              ) : (
                <Link to="/handlers/$id" params={{ id: handler.id }}>
                  Edit the newest version
                </Link>
              )}
              <Link
                to="/handlers/$id"
                params={{ id: handler.id }}
                search={{ tab: 'versions', from: version, to: handler.latestVersion }}
              >
                Compare with the newest
              </Link>
            </p>
          </Notice>
          <Suspense fallback={<Placeholder rows={12} what="the source" />}>
            <CodeEditor
              label={`v${version} of ${handler.path}`}
              language={editorLanguageOf(handler.language)}
              value={source}
            />
          </Suspense>
        </>
      )}
    </Loaded>
  );
}
