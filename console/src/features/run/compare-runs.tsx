import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { rolesFor, useRights } from '../../api/session';
import { printable } from '../../kit/json-tree.rules';
import { Page, Section } from '../../kit/page';
import { Loaded, NoRight } from '../../kit/state';
import { Table, type Column } from '../../kit/table';
import { clockTime } from '../../kit/time.rules';
import { compareRuns, type Difference } from './compare.rules';
import { Outcome } from './outcome';
import { runQueries, type Run, type RunSummary } from './run.queries';
import styles from './run.module.css';

const route = getRouteApi('/runs/compare');

const PARTS: Record<Difference['part'], string> = {
  call: 'Call',
  request: 'Request',
  steps: 'Steps',
  response: 'Response',
  logs: 'Logs',
};
const valueOf = (value: string | undefined) =>
  value === undefined ? <span className={styles.quiet}>absent</span> : <code>{printable(value)}</code>;
const COLUMNS: readonly Column<Difference>[] = [
  { id: 'name', header: 'What differs', cell: ({ name }) => printable(name) },
  { id: 'a', header: 'A', cell: ({ a }) => valueOf(a) },
  { id: 'b', header: 'B', cell: ({ b }) => valueOf(b) },
];

/** Two runs side by side: only what differs, by part. */
export function CompareRuns() {
  const { may } = useRights();
  const { a, b } = route.useSearch();
  return (
    <Page title="Compare two runs">
      {!may('run.read') ? (
        <NoRight what="runs" roles={rolesFor('run.read')} />
      ) : a === undefined ? (
        <p>
          Open a <Link to="/runs">run</Link>, and choose <em>Compare…</em> there.
        </p>
      ) : b === undefined ? (
        <ChooseOther id={a} />
      ) : (
        <Compared a={a} b={b} />
      )}
    </Page>
  );
}

function Compared({ a, b }: { a: string; b: string }) {
  const [left, right] = [useQuery(runQueries.one(a)), useQuery(runQueries.one(b))];
  return (
    <Loaded query={left} what="run A">
      {(first) => (
        <Loaded query={right} what="run B">
          {(second) => <Differences a={first} b={second} />}
        </Loaded>
      )}
    </Loaded>
  );
}

function Differences({ a, b }: { a: Run; b: Run }) {
  const found = compareRuns(a, b);
  const parts = (Object.keys(PARTS) as Difference['part'][]).filter((part) => found.some((one) => one.part === part));
  return (
    <>
      <p className={styles.line}>
        <Name letter="A" run={a} />
        <Name letter="B" run={b} />
        <Link to="/runs/compare" search={{ a: b.id, b: a.id }}>
          Swap
        </Link>
        <Link to="/runs/compare" search={{ a: a.id }}>
          Another B
        </Link>
      </p>
      {found.length === 0 && <p>Nothing that both runs record differs.</p>}
      {parts.map((part) => (
        <Section key={part} title={PARTS[part]}>
          <div className={styles.compared}>
            <Table
              label={`What differs: ${PARTS[part]}`}
              rows={found.filter((one) => one.part === part)}
              columns={COLUMNS}
              keyOf={({ name }) => name}
            />
          </div>
        </Section>
      ))}
    </>
  );
}

const Name = ({ letter, run }: { letter: string; run: Run }) => (
  <span>
    {letter}:{' '}
    <Link to="/runs/$id" params={{ id: run.id }}>
      {clockTime(Date.parse(run.startedAt), Date.now())}
    </Link>{' '}
    <Outcome value={run.outcome} />
  </span>
);

/** The other run: the newest ones of the same endpoint. */
function ChooseOther({ id }: { id: string }) {
  const run = useQuery(runQueries.one(id));
  return (
    <Loaded query={run} what="run A">
      {({ endpointId }) => <OthersOf id={id} endpointId={endpointId} />}
    </Loaded>
  );
}

function OthersOf({ id, endpointId }: { id: string; endpointId: string }) {
  const query = useInfiniteQuery(runQueries.page({ endpointId }, undefined));
  const columns: readonly Column<RunSummary>[] = [
    {
      id: 'run',
      header: 'Compare with',
      cell: (run) => (
        <Link to="/runs/compare" search={{ a: id, b: run.id }} data-row="">
          {clockTime(Date.parse(run.startedAt), Date.now())}
        </Link>
      ),
    },
    {
      id: 'outcome',
      header: 'Outcome',
      cell: ({ outcome, status }) => (
        <>
          <Outcome value={outcome} /> {status}
        </>
      ),
    },
    {
      id: 'version',
      header: 'Version',
      shown: 'medium',
      cell: ({ handlerVersion }) => (handlerVersion === null ? '' : `v${handlerVersion}`),
    },
  ];
  return (
    <Loaded query={query} what="runs">
      {({ pages }) => {
        const rows = pages.flatMap(({ items }) => items).filter((run) => run.id !== id);
        return rows.length === 0 ? (
          <p>There is no other run of this endpoint.</p>
        ) : (
          <Table label="Runs of the same endpoint" rows={rows} columns={columns} keyOf={(run) => run.id} />
        );
      }}
    </Loaded>
  );
}
