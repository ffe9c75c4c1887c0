import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { useRights } from '../../api/session';
import { Button } from '../../kit/button';
import { printable } from '../../kit/json-tree.rules';
import { Page, Section } from '../../kit/page';
import { Empty, Loaded } from '../../kit/state';
import { Time } from '../../kit/time';
import { ObjectLink } from '../audit/audit-columns';
import { DayOfCalls } from './day-of-calls';
import { NeedsAttention } from './needs-attention';
import { overviewQueries } from './overview.queries';
import styles from './overview.module.css';

/** The first page: what needs attention, the calls of a day, what was changed; for a newcomer, the way to a first endpoint. */
export function ShowOverview() {
  const { may, whyNot } = useRights();
  const navigate = useNavigate();
  const create = (): void => void navigate({ to: '/endpoints/new' });
  const endpoints = useQuery({ ...overviewQueries.endpoints, enabled: may('endpoint.read') });
  const button = (
    <Button tone="primary" icon={<Plus />} reason={whyNot('endpoint.write')} onPress={create}>
      New endpoint
    </Button>
  );
  return (
    <Page title="Overview" actions={endpoints.data?.items.length ? button : undefined}>
      {!may('endpoint.read') && <p>Your roles let you see the places in the menu.</p>}
      {may('endpoint.read') && (
        <Loaded query={endpoints} what="the overview">
          {({ items }) =>
            items.length === 0 ? (
              <Empty title="Publish your first endpoint" action={button}>
                Choose a template, a path and who may call it: the endpoint answers at once, and the page that follows
                has the call to copy.
              </Empty>
            ) : (
              <>
                <NeedsAttention endpoints={items} />
                {may('run.read') && <DayOfCalls />}
              </>
            )
          }
        </Loaded>
      )}
      {may('audit.read') && <LastChanges />}
    </Page>
  );
}

const SHOWN = 8;
/** Signing in and out changes nothing. */
const isChange = ({ object }: { object: string }): boolean => object !== 'session';

function LastChanges() {
  const query = useQuery(overviewQueries.changes);
  return (
    <Section title="Last changes" aside={<Link to="/audit">All changes</Link>}>
      <Loaded query={query} what="changes">
        {({ items }) => (
          <ul className={styles.list}>
            {items
              .filter(isChange)
              .slice(0, SHOWN)
              .map((entry) => (
                <li key={entry.id} className={styles.line}>
                  <ObjectLink entry={entry} />
                  <span className={styles.quiet}>
                    <Time at={entry.at} /> by {printable(entry.actor.name ?? entry.actor.id ?? entry.actor.kind)}
                  </span>
                </li>
              ))}
          </ul>
        )}
      </Loaded>
    </Section>
  );
}
