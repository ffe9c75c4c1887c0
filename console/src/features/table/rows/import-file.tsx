import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { call } from '../../../api/call';
import { Problem, type ProblemIssue } from '../../../api/problem';
import { Button } from '../../../kit/button';
import { Dialog } from '../../../kit/dialog';
import { toastFailed } from '../../../kit/toast';
import { Notice } from '../../../kit/notice';
import { tableQueries, type Table } from '../table.queries';
import styles from './import-file.module.css';
import { lineInFile, splitFile, type FilePart } from './split-file.rules';

interface Loading {
  name: string;
  format: 'csv' | 'ndjson';
  parts: FilePart[];
  /** One for each part, so that a part which is sent twice is imported once. */
  keys: string[];
  /** Parts and rows that are in the table. */
  done: number;
  rows: number;
  isRunning: boolean;
  error: Error | null;
}

const TYPES = { csv: 'text/csv', ndjson: 'application/x-ndjson' } as const;

/** Imports a file, part by part, with its progress. Each part is taken as a whole or not at all. */
export default function ImportFile({ table, onClose }: { table: Table; onClose: () => void }) {
  const client = useQueryClient();
  const [loading, setLoading] = useState<Loading | null>(null);
  const isStopped = useRef(false);
  const run = async (given: Loading): Promise<void> => {
    isStopped.current = false;
    let state: Loading = { ...given, isRunning: true, error: null };
    setLoading(state);
    try {
      while (state.done < state.parts.length && !isStopped.current) {
        const { count } = await call('POST /admin/tables/:id/import', {
          params: { id: table.id },
          file: { type: TYPES[state.format], text: state.parts[state.done]!.text },
          idempotencyKey: state.keys[state.done]!,
        });
        state = { ...state, done: state.done + 1, rows: state.rows + count };
        setLoading(state);
      }
    } catch (error) {
      state = { ...state, error: error instanceof Error ? error : new Error(String(error)) };
    }
    setLoading({ ...state, isRunning: false });
    await client.invalidateQueries({ queryKey: tableQueries.rowsOf(table.id) });
  };
  const open = async (file: File): Promise<void> => {
    const format = /\.(ndjson|jsonl)$/i.test(file.name) ? 'ndjson' : 'csv';
    const text = await readText(file);
    if (text === null) return toastFailed(new Error(`${file.name} is not UTF-8 text. Save it as UTF-8 first.`));
    const parts = splitFile(text, format);
    const keys = parts.map(() => crypto.randomUUID());
    await run({ name: file.name, format, parts, keys, done: 0, rows: 0, isRunning: true, error: null });
  };
  const close = (): void => {
    isStopped.current = true;
    onClose();
  };
  return (
    <Dialog
      title={`Import into ${table.name}`}
      isOpen
      onClose={close}
      width="wide"
      isFixed={loading?.isRunning ?? false}
    >
      <p>
        A CSV file whose first line names the columns, or NDJSON with an object a line. A large file is sent in parts of
        5,000 rows: a part with a bad line is not imported, and those before it stay.
      </p>
      {!loading?.isRunning && (
        <label className={styles.file}>
          {loading === null ? 'Choose a file' : 'Choose another file'}{' '}
          <input
            type="file"
            accept=".csv,.ndjson,.jsonl"
            onChange={({ target: { files } }) => files?.[0] && void open(files[0])}
          />
        </label>
      )}
      {loading && (
        <Progress loading={loading} onStop={() => (isStopped.current = true)} onGoOn={() => void run(loading)} />
      )}
    </Dialog>
  );
}

/** Reads a file; null when it is not UTF-8, which the browser would change instead of refusing it. */
async function readText(file: File): Promise<string | null> {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer());
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

const isDone = ({ done, parts }: Loading): boolean => done === parts.length;

function Progress({ loading, onStop, onGoOn }: { loading: Loading; onStop: () => void; onGoOn: () => void }) {
  const { name, parts, done, rows, isRunning, error } = loading;
  const total = parts.reduce((sum, part) => sum + part.rows, 0);
  return (
    <>
      <label>
        {name}: {rows.toLocaleString('en')} of {total.toLocaleString('en')} rows imported{' '}
        <progress value={done} max={parts.length} />
      </label>
      {isDone(loading) && <Notice tone="good">Imported {rows.toLocaleString('en')} rows.</Notice>}
      {isRunning && (
        <p>
          <Button onPress={onStop}>Stop after this part</Button>
        </p>
      )}
      {error && <Notice tone="bad">{messageOf(error, parts[done]!)}</Notice>}
      {error instanceof Problem && error.issues.length > 0 && <Issues issues={error.issues} part={parts[done]!} />}
      {!isRunning && !isDone(loading) && !(error instanceof Problem && error.status === 422) && (
        <p>
          <Button tone="primary" onPress={onGoOn}>
            Go on
          </Button>
        </p>
      )}
    </>
  );
}

/** The message of a refusal names lines of the part; in a file of several parts, only the list below has those of the file. */
const messageOf = (error: Error, part: FilePart): string =>
  error instanceof Problem && error.issues.length > 0
    ? `${error.issues.length === 1 ? 'One value' : 'Values'} of the rows from line ${part.firstLine} on cannot be imported.`
    : error.message;

const Issues = ({ issues, part }: { issues: readonly ProblemIssue[]; part: FilePart }) => (
  <ul className={styles.issues} aria-label="What is wrong">
    {issues.map(({ line, pointer, message }) => (
      <li key={`${line} ${pointer} ${message}`}>
        {line !== undefined && <strong>Line {lineInFile(part, line)}</strong>} {pointer.slice(2)} {message}
      </li>
    ))}
  </ul>
);
