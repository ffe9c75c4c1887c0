import { Link } from '@tanstack/react-router';
import { Fragment } from 'react';
import { printable } from '../../kit/json-tree.rules';
import type { Column } from '../../kit/table';
import { Time } from '../../kit/time';
import { addressOfObject } from '../../shell/address-of-id.rules';
import { changesOf, valueText } from './audit.rules';
import type { AuditEntry } from './audit.queries';
import styles from './audit.module.css';

/** Columns of an event and its changes. */
export const AUDIT_COLUMNS: readonly Column<AuditEntry>[] = [
  {
    id: 'what',
    header: 'What',
    cell: (entry) => (
      <>
        <ObjectLink entry={entry} />
        <span className={styles.when}>
          <Time at={entry.at} /> by <Actor actor={entry.actor} />
        </span>
      </>
    ),
  },
  { id: 'changes', header: 'Changes', cell: (entry) => <Changes entry={entry} /> },
];

/** An action and the object that it changed, by its name where the entry has it. */
export function ObjectLink({ entry: { action, object, objectId, changes } }: { entry: AuditEntry }) {
  const address = addressOfObject(object, objectId);
  const name =
    [changes.path, changes.name, changes.alias, changes.title].find((one) => typeof one === 'string') ?? objectId;
  const text = printable(String(name));
  return (
    <>
      <code>{action}</code>{' '}
      {address === null ? (
        text
      ) : (
        <Link to={address} data-row="">
          {text}
        </Link>
      )}
    </>
  );
}

const Actor = ({ actor: { kind, id, name } }: Pick<AuditEntry, 'actor'>) =>
  kind === 'user' && id !== null ? (
    <Link to="/people/$id" params={{ id }}>
      {name ?? id}
    </Link>
  ) : (
    [kind, id].filter(Boolean).join(' ')
  );

/** Changes of an entry: how many fields, and on demand each before and after. */
function Changes({ entry }: { entry: AuditEntry }) {
  const changes = changesOf(entry.changes);
  if (changes.length === 0) return '—';
  return (
    <details className={styles.changes}>
      <summary>{changes.map(({ field }) => field).join(', ')}</summary>
      <dl className={styles.fields}>
        {changes.map(({ field, from, to }) => (
          <Fragment key={field}>
            <dt>{field}</dt>
            <dd>
              {from !== undefined && (
                <>
                  <del>{printable(valueText(from))}</del> <span aria-hidden="true">→</span>{' '}
                </>
              )}
              <ins>{printable(valueText(to))}</ins>
            </dd>
          </Fragment>
        ))}
        <dt>Request</dt>
        <dd>
          <code>{entry.requestId}</code>
        </dd>
      </dl>
    </details>
  );
}
