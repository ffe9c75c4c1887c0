import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { Loaded, Placeholder } from '../../kit/state';
import { handlerQueries, type Handler } from './handler.queries';
import { editorLanguageOf } from './start.rules';

const DiffView = lazy(() => import('../../editor/diff-view'));

/** Two versions side by side. */
export default function CompareVersions({ handler, from, to }: { handler: Handler; from: number; to: number }) {
  const before = useQuery(handlerQueries.version(handler.id, from));
  const after = useQuery(handlerQueries.version(handler.id, to));
  return (
    <>
      <p>
        <Link to="/handlers/$id" params={{ id: handler.id }} search={{ tab: 'versions' }}>
          All versions
        </Link>
      </p>
      <Loaded query={before} what={`v${from}`}>
        {(older) => (
          <Loaded query={after} what={`v${to}`}>
            {(newer) =>
              older.source === newer.source ? (
                <p>
                  v{from} and v{to} have the same text.
                </p>
              ) : (
                <Suspense fallback={<Placeholder what="the comparison" />}>
                  <DiffView
                    language={editorLanguageOf(handler.language)}
                    before={{ name: `v${from}`, text: older.source }}
                    after={{ name: `v${to}`, text: newer.source }}
                  />
                </Suspense>
              )
            }
          </Loaded>
        )}
      </Loaded>
    </>
  );
}
