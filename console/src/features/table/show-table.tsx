import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { call } from '../../api/call';
import { useRights } from '../../api/session';
import { Button } from '../../kit/button';
import { Page } from '../../kit/page';
import { Loaded, Placeholder } from '../../kit/state';
import { Tabs } from '../../kit/tabs';
import { DeleteUsed } from '../use/delete-used';
import { ListUses } from '../use/list-uses';
import { tableQueries, type Table } from './table.queries';

// Each tab is a screen of its own; rows need the least of the others.
const ShowRows = lazy(() => import('./rows/show-rows'));
const EditColumns = lazy(() => import('./edit-columns'));
const EditTable = lazy(() => import('./edit-table'));

const route = getRouteApi('/tables/$id');
const TABS = [
  { id: 'rows', label: 'Rows' },
  { id: 'columns', label: 'Columns' },
  { id: 'access', label: 'Name and access' },
];

/** One table: its rows, its columns, and who may use it. */
export function ShowTable() {
  const { id } = route.useParams();
  const { tab = 'rows' } = route.useSearch();
  const query = useQuery(tableQueries.one(id));
  const uses = useQuery({ ...tableQueries.uses(id), enabled: tab === 'access' });
  const table = query.data;
  return (
    <Page
      title={table ? `${table.schema}.${table.name}` : 'Table'}
      actions={table && <DeleteButton table={table} />}
      below={<Tabs label="Parts of the table" tabs={TABS} current={tab} />}
    >
      <Loaded query={query} what="the table">
        {(data) => (
          <Suspense fallback={<Placeholder what="the table" />}>
            {tab === 'rows' && <ShowRows table={data} />}
            {tab === 'columns' && <EditColumns table={data} />}
            {tab === 'access' && (
              <>
                <EditTable table={data} />
                <ListUses title="Where it is used" query={uses} none="No handler names it." />
              </>
            )}
          </Suspense>
        )}
      </Loaded>
    </Page>
  );
}

function DeleteButton({ table }: { table: Table }) {
  const { whyNot } = useRights();
  const [isAsking, setAsking] = useState(false);
  return (
    <>
      <Button tone="danger" reason={whyNot('table.write')} onPress={() => setAsking(true)}>
        Delete…
      </Button>
      {isAsking && <DeleteTable table={table} onClose={() => setAsking(false)} />}
    </>
  );
}

const DeleteTable = ({ table: { id, name, revision }, onClose }: { table: Table; onClose: () => void }) => (
  <DeleteUsed
    noun="table"
    name={name}
    uses={useQuery(tableQueries.uses(id))}
    isAlwaysTyped
    isAlwaysForced
    advice="It cannot be undone. All rows of the table are deleted with it."
    whenForced="Code that names it fails."
    remove={(force) =>
      call('DELETE /admin/tables/:id', { params: { id }, query: force ? { force: 'true' } : {}, ifMatch: revision })
    }
    queryKey={tableQueries.all}
    list="/tables"
    onClose={onClose}
  />
);
