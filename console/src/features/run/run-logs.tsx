import { useState } from 'react';
import { Badge } from '../../kit/badge';
import { printable } from '../../kit/json-tree.rules';
import { More } from '../../kit/more';
import { Section } from '../../kit/page';
import { Table, type Column } from '../../kit/table';
import type { Run } from './run.queries';
import styles from './run.module.css';

/** Lines that are drawn at first, and more with each press of the button. */
const SHOWN_LINES = 200;
const clock = (at: string): string => at.slice(11, 23);

/** Log of the handler. */
export function LogsOfRun({ run: { logs } }: { run: Run }) {
  const [shown, setShown] = useState(SHOWN_LINES);
  return (
    <Section title={`Logs ${logs.length}`}>
      {logs.length === 0 ? (
        <p className={styles.quiet}>The handler logged nothing.</p>
      ) : (
        <ol className={styles.logs} tabIndex={0} aria-label="Log lines">
          {logs.slice(0, shown).map(({ at, level, message }, index) => (
            <li key={index}>
              <time dateTime={at}>{clock(at)}</time>
              <span className={styles.level} data-level={level}>
                {level}
              </span>
              <span className={styles.message}>{printable(message)}</span>
            </li>
          ))}
        </ol>
      )}
      {logs.length > shown && (
        <More count={shown} what="lines" hasMore isPending={false} onMore={() => setShown(shown + SHOWN_LINES)} />
      )}
    </Section>
  );
}

type Sent = Run['outbound'][number] & { index: number };

const COLUMNS: readonly Column<Sent>[] = [
  {
    id: 'to',
    header: 'Request',
    cell: ({ method, host }) => (
      <code>
        {printable(method)} {printable(host)}
      </code>
    ),
  },
  {
    id: 'result',
    header: 'Result',
    cell: ({ status, refused }) =>
      refused === null ? (
        (status ?? 'no response')
      ) : (
        <>
          <Badge tone="warn">refused</Badge> {printable(refused)}
        </>
      ),
  },
  { id: 'at', header: 'At', shown: 'medium', cell: ({ at }) => clock(at) },
];

/** Requests that the handler sent, or that were refused. */
export const OutboundOfRun = ({ run: { outbound } }: { run: Run }) =>
  outbound.length === 0 ? null : (
    <Section title={`Outbound ${outbound.length}`}>
      <Table
        label="Outbound requests"
        rows={outbound.map((one, index) => ({ ...one, index }))}
        columns={COLUMNS}
        keyOf={({ index }) => String(index)}
      />
    </Section>
  );
