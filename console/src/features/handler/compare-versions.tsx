import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { Loaded, Placeholder } from '../../kit/state';
import { FileList } from './file-list';
import { changedFiles, filesOf, languageOfFile } from './files.rules';
import { handlerQueries, type Handler, type VersionWithSource } from './handler.queries';
import { editorLanguageOf } from './start.rules';

const DiffView = lazy(() => import('../../editor/diff-view'));
const route = getRouteApi('/handlers/$id');

/** Two versions side by side, file by file. */
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
            {(newer) => <Difference handler={handler} from={from} to={to} older={older} newer={newer} />}
          </Loaded>
        )}
      </Loaded>
    </>
  );
}

interface DifferenceProps {
  handler: Handler;
  from: number;
  to: number;
  older: VersionWithSource;
  newer: VersionWithSource;
}

function Difference({ handler, from, to, older, newer }: DifferenceProps) {
  const { file: path } = route.useSearch();
  const changed = changedFiles(filesOf(handler.path, older), filesOf(handler.path, newer));
  const shown = changed.find((file) => file.path === path) ?? changed[0];
  if (shown === undefined)
    return (
      <p>
        v{from} and v{to} have the same lines.
      </p>
    );
  const isOne = older.files === null && newer.files === null;
  return (
    <>
      {!isOne && <FileList label="Files that differ" files={changed} chosen={shown.path} />}
      <Suspense fallback={<Placeholder what="the comparison" />}>
        <DiffView
          key={shown.path}
          language={isOne ? editorLanguageOf(handler.language) : languageOfFile(shown.path)}
          before={{ name: `v${from}`, text: shown.before }}
          after={{ name: `v${to}`, text: shown.after }}
        />
      </Suspense>
    </>
  );
}
