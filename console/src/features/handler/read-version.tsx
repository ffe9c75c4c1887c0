import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { lazy, Suspense, useMemo } from 'react';
import { offsetOf } from '../../editor/finding.rules';
import { Loaded, Placeholder } from '../../kit/state';
import { Notice } from '../../kit/notice';
import { Time } from '../../kit/time';
import { PersonLink } from '../user/person-link';
import { FileList } from './file-list';
import { fileAt, filesOf, languageOfFile, type SourceFile } from './files.rules';
import { handlerQueries, type Handler, type VersionWithSource } from './handler.queries';
import styles from './handler.module.css';
import { editorLanguageOf } from './start.rules';

const CodeEditor = lazy(() => import('../../editor/code-editor'));
const route = getRouteApi('/handlers/$id');

/** A version as it was saved; versions never change. */
export default function ReadVersion({ handler, version }: { handler: Handler; version: number }) {
  const query = useQuery(handlerQueries.version(handler.id, version));
  const { file: path } = route.useSearch();
  return (
    <Loaded query={query} what={`v${version}`}>
      {(saved) => {
        const files = filesOf(handler.path, saved);
        const file = fileAt(files, path, handler.path);
        return (
          <>
            <About handler={handler} version={version} saved={saved} />
            {saved.files !== null && <FileList label="Files" files={files} chosen={file.path} />}
            <Source
              key={file.path}
              file={file}
              label={saved.files === null ? `v${version} of ${handler.path}` : `${file.path} in v${version}`}
              language={saved.files === null ? editorLanguageOf(handler.language) : languageOfFile(file.path)}
            />
          </>
        );
      }}
    </Loaded>
  );
}

function Source(props: { file: SourceFile; label: string; language: ReturnType<typeof languageOfFile> }) {
  const { line } = route.useSearch();
  const { source } = props.file;
  const goTo = useMemo(() => (line === undefined ? null : { at: offsetOf(source, line, 1) }), [source, line]);
  return (
    <Suspense fallback={<Placeholder rows={12} what="the source" />}>
      <CodeEditor label={props.label} language={props.language} value={source} goTo={goTo} />
    </Suspense>
  );
}

function About({ handler, version, saved }: { handler: Handler; version: number; saved: VersionWithSource }) {
  const { files, packages, note, createdAt, createdBy, createdByName } = saved;
  return (
    <Notice tone="info">
      <p>
        v{version} of {handler.latestVersion}, saved <Time at={createdAt} /> by{' '}
        <PersonLink id={createdBy} name={createdByName} />
        {note !== '' && `: ${note}`}. It can only be read.
      </p>
      {files !== null && (
        <p>
          A project bundled it of {files.length === 1 ? 'this file' : `these ${files.length} files`}
          {packages.length > 0 && ` and ${packages.map((one) => `${one.name} ${one.version}`).join(', ')}`}. To edit it:{' '}
          <code>portico pull</code>, change the files, and <code>portico push</code>.
        </p>
      )}
      <p className={styles.bar}>
        {handler.language === 'graph' && 'A graph is changed in its own editor, and published again from there.'}
        {files === null && handler.language !== 'graph' && (
          <Link to="/handlers/$id" params={{ id: handler.id }}>
            Edit the newest version
          </Link>
        )}
        {version !== handler.latestVersion && (
          <Link
            to="/handlers/$id"
            params={{ id: handler.id }}
            search={{ tab: 'versions', from: version, to: handler.latestVersion }}
          >
            Compare with the newest
          </Link>
        )}
      </p>
    </Notice>
  );
}
