import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useMemo, useState } from 'react';
import { toQuery } from '../../api/path.rules';
import { rolesFor, useRights } from '../../api/session';
import { Button } from '../../kit/button';
import { Switch } from '../../kit/choice-field';
import { Downloads } from '../../kit/downloads';
import { printable } from '../../kit/json-tree.rules';
import { Notice } from '../../kit/notice';
import { Page } from '../../kit/page';
import { Empty, EmptyByFilter, Loaded, NoRight } from '../../kit/state';
import { Table } from '../../kit/table';
import { clockTime } from '../../kit/time.rules';
import { useActions } from '../../shell/actions';
import { ActOnRuns } from './act-on-runs';
import { FilterRuns } from './filter-runs';
import { RunChart } from './run-chart';
import { toListQuery, whyNotLive } from './run-filter.rules';
import { groupFailures, mergeRuns } from './run-list.rules';
import { RUN_COLUMNS, runName } from './run-columns';
import { runQueries, type RunSummary } from './run.queries';
import styles from './run.module.css';
import { useTail, type Tail } from './tail-runs';

const route = getRouteApi('/runs');
const PinnedViews = lazy(() => import('./pinned-views'));

/** The history of runs, filtered by the address. */
export function ListRuns() {
  const { may } = useRights();
  const isAllowed = may('run.read');
  return (
    <Page title="Runs" actions={isAllowed && <LiveSwitch />}>
      {isAllowed ? <Runs /> : <NoRight what="runs" roles={rolesFor('run.read')} />}
    </Page>
  );
}

function LiveSwitch() {
  const { live, cursor, ...filter } = route.useSearch();
  const navigate = useNavigate({ from: '/runs' });
  const reason = whyNotLive(filter, cursor);
  const toggle = (): void =>
    void navigate({ search: (now) => ({ ...now, live: live === undefined ? '1' : undefined }), replace: true });
  useActions(reason === null ? [{ id: 'live', label: 'Follow live', keys: 'l', run: toggle }] : []);
  return (
    <span className={styles.live} title={reason ?? undefined}>
      <span aria-hidden="true">live</span>
      <Switch
        label={reason ?? 'Follow live'}
        isSelected={live !== undefined && reason === null}
        isDisabled={reason !== null}
        onChange={toggle}
      />
    </span>
  );
}

function Runs() {
  const search = route.useSearch();
  const { live, cursor } = search;
  const navigate = useNavigate({ from: '/runs' });
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  // One for each address: the filters and the chart are not drawn again with each run that comes.
  const filter = useMemo(() => {
    const { live: _live, cursor: _cursor, ...conditions } = search;
    return conditions;
  }, [search]);
  // One "now" for each filter: a plan has the runs that the list had.
  const wanted = useMemo(() => toListQuery(filter, Date.now()), [filter]);
  const query = useInfiniteQuery(runQueries.page(filter, cursor));
  // In the request of the rows, while the part that shows them is being loaded.
  useQuery({ ...runQueries.views, notifyOnChangeProps: [] });
  const tail = useTail(filter, live !== undefined && whyNotLive(filter, cursor) === null);
  const isFiltered = Object.keys(filter).length > 0 || cursor !== undefined;
  return (
    <>
      <Suspense>
        <PinnedViews />
      </Suspense>
      <FilterRuns />
      <RunChart filter={filter} />
      <LiveState tail={tail} />
      <Loaded query={query} what="runs">
        {({ pages }) => {
          const rows = mergeRuns(
            tail.runs,
            pages.flatMap(({ items }) => items),
          );
          const isSearched = pages.at(-1)!.nextCursor === null;
          if (rows.length === 0 && isSearched && isFiltered)
            return <EmptyByFilter what="runs" onClear={() => void navigate({ search: {} })} />;
          if (rows.length === 0 && isSearched) return <NoRuns />;
          return (
            <>
              <Groups rows={rows} />
              {rows.length > 0 && (
                <Table
                  label="Runs"
                  rows={rows}
                  columns={RUN_COLUMNS}
                  keyOf={({ id }) => id}
                  selection={{ keys: selected, onChange: setSelected, nameOf: runName }}
                />
              )}
              <ActOnRuns
                ids={rows.map(({ id }) => id).filter((id) => selected.has(id))}
                filter={wanted}
                onClear={() => setSelected(new Set())}
                onDeleted={tail.drop}
              />
              <PageEnd
                count={rows.length}
                last={pages.at(-1)!}
                hasMore={query.hasNextPage}
                isPending={query.isFetchingNextPage}
                onMore={() => void query.fetchNextPage()}
              />
              <Downloads
                href={(format) => `/admin/runs/export${toQuery({ ...wanted, format })}`}
                bound="A file has at most 50,000 runs: the download of more fails, so choose a shorter time."
              />
            </>
          );
        }}
      </Loaded>
    </>
  );
}

const LiveState = ({ tail }: { tail: Tail }) => (
  <>
    <div role="status" className="hidden">
      {tail.news}
    </div>
    {tail.waitsFor !== null && (
      <Notice tone="warn">New runs are not followed yet: {tail.waitsFor} The console tries again by itself.</Notice>
    )}
    {tail.isEnded && (
      <Notice tone="warn">
        New runs are not followed any more. <Button onPress={tail.restart}>Follow again</Button>
      </Notice>
    )}
  </>
);

const NoRuns = () => (
  <Empty title="No run yet">
    Every call of an endpoint leaves a run: what came, what was answered, and why it failed. Call or test an endpoint.
  </Empty>
);

/** Common failures among the rows, each a filter. */
function Groups({ rows }: { rows: readonly RunSummary[] }) {
  const groups = groupFailures(rows);
  if (groups.length === 0) return null;
  return (
    <section aria-label="Failures alike">
      <h2 className={styles.quiet}>Failures alike on this page</h2>
      <ul className={styles.groups}>
        {groups.map(({ endpointId, endpointPath, errorCode, failedStep, calls }) => (
          <li key={`${endpointId} ${errorCode} ${failedStep}`}>
            <Link
              from="/runs"
              to="."
              search={(now) => ({
                ...now,
                endpoint: undefined,
                endpointId,
                error: errorCode,
                step: failedStep ?? undefined,
                cursor: undefined,
              })}
            >
              {calls.toLocaleString('en')} × {printable(errorCode)}
              {failedStep !== null && ` in ${printable(failedStep)}`}
            </Link>{' '}
            <span className={styles.quiet}>{endpointPath === null ? endpointId : `/u/${printable(endpointPath)}`}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

interface PageEndProps {
  count: number;
  last: { nextCursor: string | null; searchedTo: string | null };
  hasMore: boolean;
  isPending: boolean;
  onMore: () => void;
}

/** The end of a page: how far the history was searched, and the way to older and back to the newest runs. */
function PageEnd({ count, last: { nextCursor, searchedTo }, hasMore, isPending, onMore }: PageEndProps) {
  const { cursor } = route.useSearch();
  return (
    <nav className={styles.line} aria-label="Pages of runs">
      <span role="status">
        {count} {count === 1 ? 'run' : 'runs'}
        {searchedTo === null ? ', none older' : `, searched back to ${clockTime(Date.parse(searchedTo), Date.now())}`}
      </span>
      {hasMore && (
        <Button isPending={isPending} onPress={onMore}>
          Search further back
        </Button>
      )}
      {cursor !== undefined && (
        <Link from="/runs" to="." search={(now) => ({ ...now, cursor: undefined })}>
          Newest runs
        </Link>
      )}
      {!hasMore && nextCursor !== null && (
        <Link from="/runs" to="." search={(now) => ({ ...now, cursor: nextCursor, live: undefined })}>
          Older runs
        </Link>
      )}
    </nav>
  );
}
