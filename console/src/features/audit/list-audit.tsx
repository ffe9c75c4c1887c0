import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { Fragment, useMemo } from 'react';
import { toQuery } from '../../api/path.rules';
import { rolesFor, useRights } from '../../api/session';
import { FilterBar } from '../../kit/filter-bar';
import { FilterField } from '../../kit/filter-field';
import { printable } from '../../kit/json-tree.rules';
import { Page } from '../../kit/page';
import { PagedTable } from '../../kit/paged-table';
import { NoRight } from '../../kit/state';
import type { Column } from '../../kit/table';
import { Time } from '../../kit/time';
import { TimeRange } from '../../kit/time-range';
import { isoOf } from '../../kit/time-range.rules';
import { addressOfObject } from '../../shell/address-of-id.rules';
import { changesOf, valueText } from './audit.rules';
import { auditQueries, type AuditEntry } from './audit.queries';
import styles from './audit.module.css';

const route = getRouteApi('/audit');

const COLUMNS: readonly Column<AuditEntry>[] = [
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

/** The audit trail: who changed what, and when, filtered by the address. */
export function ListAudit() {
  const { may } = useRights();
  if (!may('audit.read'))
    return (
      <Page title="Audit">
        <NoRight what="the audit trail" roles={rolesFor('audit.read')} />
      </Page>
    );
  return <Trail />;
}

function Trail() {
  const filter = route.useSearch();
  const navigate = useNavigate({ from: '/audit' });
  // One "now" for each filter, so that the pages of a list belong together.
  const wanted = useMemo(() => {
    const now = Date.now();
    return { ...filter, since: isoOf(filter.since, now), until: isoOf(filter.until, now) };
  }, [filter]);
  const query = useInfiniteQuery(auditQueries.list(wanted));
  const clear = (): void => void navigate({ search: {} });
  const isFiltered = Object.keys(filter).length > 0;
  const file = (format: 'csv' | 'ndjson'): string => `/admin/audit/export${toQuery({ ...wanted, format })}`;
  return (
    <Page title="Audit">
      <FilterAudit />
      <PagedTable
        label="Changes"
        words={['change', 'changes']}
        query={query}
        columns={COLUMNS}
        keyOf={({ id }) => id}
        empty={null}
        onClear={isFiltered ? clear : undefined}
      />
      <p>
        Download these as{' '}
        <a href={file('csv')} download>
          CSV
        </a>{' '}
        or{' '}
        <a href={file('ndjson')} download>
          NDJSON
        </a>
        .
      </p>
    </Page>
  );
}

const FIELDS = [
  ['q', 'Text in the changes'],
  ['target', 'Name or id'],
  ['object', 'Kind'],
  ['action', 'Action'],
  ['actor', 'Who'],
] as const;

function FilterAudit() {
  const filter = route.useSearch();
  const navigate = useNavigate({ from: '/audit' });
  const change = (part: typeof filter): void => void navigate({ search: { ...filter, ...part }, replace: true });
  return (
    <FilterBar
      label="Filter changes"
      isFiltered={Object.keys(filter).length > 0}
      onClear={() => void navigate({ search: {} })}
    >
      {FIELDS.map(([name, label]) => (
        <FilterField
          key={name}
          label={label}
          value={filter[name] ?? ''}
          onApply={(value) => change({ [name]: value || undefined })}
        />
      ))}
      {filter.objectId !== undefined && (
        <FilterField label="Id" value={filter.objectId} onApply={(value) => change({ objectId: value || undefined })} />
      )}
      <TimeRange since={filter.since} until={filter.until} onChange={change} />
    </FilterBar>
  );
}

function ObjectLink({ entry: { action, object, objectId, changes } }: { entry: AuditEntry }) {
  const address = addressOfObject(object, objectId);
  const name = [changes.path, changes.name, changes.alias].find((one) => typeof one === 'string') ?? objectId;
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

/** What an entry changed: how many fields, and on demand each before and after. */
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
