import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { toQuery } from '../../api/path.rules';
import { rolesFor, useRights } from '../../api/session';
import { Downloads } from '../../kit/downloads';
import { FilterBar } from '../../kit/filter-bar';
import { FilterField } from '../../kit/filter-field';
import { Page } from '../../kit/page';
import { PagedTable } from '../../kit/paged-table';
import { NoRight } from '../../kit/state';
import { TimeRange } from '../../kit/time-range';
import { isoOf } from '../../kit/time-range.rules';
import { AUDIT_COLUMNS } from './audit-columns';
import { auditQueries } from './audit.queries';

const route = getRouteApi('/audit');

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
  return (
    <Page title="Audit">
      <FilterAudit />
      <PagedTable
        label="Changes"
        words={['change', 'changes']}
        query={query}
        columns={AUDIT_COLUMNS}
        keyOf={({ id }) => id}
        empty={null}
        onClear={isFiltered ? clear : undefined}
      />
      <Downloads href={(format) => `/admin/audit/export${toQuery({ ...wanted, format })}`} />
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
