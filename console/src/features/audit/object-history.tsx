import { useInfiniteQuery } from '@tanstack/react-query';
import { rolesFor, useRights } from '../../api/session';
import { PagedTable } from '../../kit/paged-table';
import { Empty, NoRight } from '../../kit/state';
import { auditQueries } from './audit.queries';
import { AUDIT_COLUMNS } from './audit-columns';

/** Changes of an object with their actors, before and after. */
export default function ObjectHistory({ objectId }: { objectId: string }) {
  const { may } = useRights();
  const query = useInfiniteQuery({ ...auditQueries.list({ objectId }), enabled: may('audit.read') });
  if (!may('audit.read')) return <NoRight what="who changed it" roles={rolesFor('audit.read')} />;
  return (
    <PagedTable
      label="History"
      words={['change', 'changes']}
      query={query}
      columns={AUDIT_COLUMNS}
      keyOf={({ id }) => id}
      empty={<Empty title="No change is recorded" />}
    />
  );
}
