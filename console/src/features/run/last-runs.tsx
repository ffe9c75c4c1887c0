import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Section } from '../../kit/page';
import { Loaded } from '../../kit/state';
import { Table } from '../../kit/table';
import { RUN_COLUMNS } from './run-columns';
import { runQueries } from './run.queries';

/** Without the columns that are the same for all runs of an endpoint. */
const COLUMNS = RUN_COLUMNS.filter(({ id }) => id !== 'version');

/** The newest runs of an endpoint. */
export const LastRuns = ({ endpointId }: { endpointId: string }) => (
  <Section title="Last runs">
    <Loaded query={useQuery(runQueries.lastOf(endpointId))} what="the last runs">
      {({ items }) =>
        items.length === 0 ? (
          <p>None yet: call it, or test it.</p>
        ) : (
          <>
            <Table label="Last runs" rows={items} columns={COLUMNS} keyOf={({ id }) => id} />
            <p>
              <Link to="/runs" search={{ endpointId }}>
                All runs
              </Link>
            </p>
          </>
        )
      }
    </Loaded>
  </Section>
);
