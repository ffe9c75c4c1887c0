import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { JsonTree } from '../../kit/json-tree';
import { printable } from '../../kit/json-tree.rules';
import { Loaded } from '../../kit/state';
import { operationQueries, type FilePreview } from './graph.queries';
import { jsonOf, rowsOf } from './preview.rules';
import styles from './graph.module.css';

/** Milliseconds between two reads of the log of a node that runs. */
const GROWS_MS = 2000;

interface PreviewProps {
  id: string;
  type: string;
  name: string;
  /** The log of a running node is read again while the tab is visible. */
  isGrowing?: boolean;
}

/** The beginning of a file, as its type is read best, and the way to all of it. */
export function FilePreviewPane({ id, type, name, isGrowing = false }: PreviewProps) {
  const query = useQuery({
    ...operationQueries.preview(id, type),
    ...(isGrowing && { refetchInterval: GROWS_MS, staleTime: 0 }),
  });
  return (
    <div className={styles.preview} role="group" aria-label={`Preview of ${printable(name)}`}>
      {type === 'image' ? (
        <Image id={id} name={name} />
      ) : (
        <Loaded query={query} what="the file">
          {(file) => (
            <>
              <Contents file={file} type={type} name={name} />
              {file.isCut && <p className={styles.quiet}>Only its beginning is shown.</p>}
            </>
          )}
        </Loaded>
      )}
      <p>
        <a href={`/admin/files/${id}`} download={name}>
          Download
        </a>
      </p>
    </div>
  );
}

function Contents({ file, type, name }: { file: FilePreview; type: string; name: string }) {
  if (file.names)
    return (
      <ul className={styles.plain}>
        {file.names.map((one) => (
          <li key={one}>{printable(one)}</li>
        ))}
      </ul>
    );
  if (file.bytes === 0) return <p className={styles.quiet}>The file is empty.</p>;
  if (file.text === null) return <p className={styles.quiet}>The file is not text.</p>;
  const json = type === 'json' && !file.isCut ? jsonOf(file.text) : undefined;
  if (json !== undefined) return <JsonTree value={json} label={name} />;
  if (type === 'csv' || type === 'tsv')
    return <Rows rows={rowsOf(file.text, type === 'csv' ? ',' : '\t')} name={name} />;
  return (
    <pre className={styles.text} tabIndex={0} role="region" aria-label={printable(name)}>
      {printable(file.text)}
    </pre>
  );
}

const Rows = ({ rows, name }: { rows: readonly string[][]; name: string }) => (
  <div className={styles.text} tabIndex={0} role="region" aria-label={printable(name)}>
    <table aria-label={printable(name)}>
      <tbody>
        {rows.map((row, at) => (
          <tr key={at}>
            {row.map((cell, column) => (
              <td key={column}>{printable(cell)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);

/** Bytes that start a picture of a kind that browsers draw without running anything. */
const PICTURES: readonly (readonly [type: string, start: readonly number[]])[] = [
  ['image/png', [0x89, 0x50, 0x4e, 0x47]],
  ['image/jpeg', [0xff, 0xd8, 0xff]],
  ['image/gif', [0x47, 0x49, 0x46, 0x38]],
  ['image/webp', [0x52, 0x49, 0x46, 0x46]],
];

/** A picture, with a type of our own list: never the one that a file claims. */
function Image({ id, name }: { id: string; name: string }) {
  const [url, setUrl] = useState<string | null | undefined>(undefined);
  useEffect(() => {
    let made: string | undefined;
    let isOpen = true;
    const read = async (): Promise<void> => {
      const response = await fetch(`/admin/files/${id}`, { credentials: 'same-origin' });
      const bytes = new Uint8Array(response.ok ? await response.arrayBuffer() : []);
      const type = PICTURES.find(([, start]) => start.every((byte, at) => bytes[at] === byte))?.[0];
      if (!isOpen) return;
      if (type !== undefined) made = URL.createObjectURL(new Blob([bytes], { type }));
      setUrl(made ?? null);
    };
    read().catch(() => isOpen && setUrl(null));
    return () => {
      isOpen = false;
      if (made !== undefined) URL.revokeObjectURL(made);
    };
  }, [id]);
  if (url === undefined) return <p aria-busy="true">Loading the picture</p>;
  if (url === null) return <p className={styles.quiet}>The file is no picture that a browser shows.</p>;
  return <img className={styles.picture} src={url} alt={`Output ${printable(name)}`} />;
}
