import type { UseQueryResult } from '@tanstack/react-query';
import { Inbox, Lock, SearchX, TriangleAlert, Unplug } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';
import { Problem, Unreachable } from '../api/problem';
import { useRights } from '../api/session';
import { Button } from './button';
import { Copy } from './copy';
import styles from './state.module.css';
import { Time } from './time';

/** Milliseconds before a placeholder is drawn: what is faster needs none. */
const QUIET_MS = 150;

interface StateProps {
  icon: ReactNode;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}

const State = ({ icon, title, children, action }: StateProps) => (
  <div className={styles.state}>
    <span className={styles.icon} aria-hidden="true">
      {icon}
    </span>
    <p className={styles.title}>{title}</p>
    {children && <div className={styles.text}>{children}</div>}
    {action}
  </div>
);

/** Nothing is there yet: what it would be, and the one action that makes the first. */
export const Empty = ({ title, children, action }: Omit<StateProps, 'icon'>) => (
  <State icon={<Inbox />} title={title} action={action}>
    {children}
  </State>
);

/** The filters match nothing. */
export const EmptyByFilter = ({ what, onClear }: { what: string; onClear: () => void }) => (
  <State
    icon={<SearchX />}
    title={`No ${what} match these filters`}
    action={<Button onPress={onClear}>Clear the filters</Button>}
  />
);

/** The user may not see it. `roles` may. */
export const NoRight = ({ what, roles }: { what: string; roles: string }) => (
  <State icon={<Lock />} title={`You may not see ${what}`}>
    {roles} may. An admin can give you such a role.
  </State>
);

/** The address names an object that does not exist: leads to what the audit trail has of it. */
function Gone({ message }: { message: string }) {
  const { may } = useRights();
  // The name of what the address shows is its end. A plain link: states are drawn before the router is loaded, too.
  const target = location.pathname.split('/').at(-1)!;
  return (
    <State icon={<SearchX />} title="It is not here">
      {message} It may have been deleted:{' '}
      {may('audit.read') ? <a href={`/console/audit?target=${target}`}>the audit trail</a> : 'the audit trail'} says by
      whom.
    </State>
  );
}

/** A failure, in the words of the service, with the id under which its log has it. */
export function Failed({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  if (error instanceof Problem && error.status === 404) return <Gone message={error.message} />;
  if (error instanceof Problem && error.status === 403)
    return (
      <State icon={<Lock />} title="You may not see this">
        {error.message}
      </State>
    );
  const isUnreachable = error instanceof Unreachable;
  return (
    <State
      icon={isUnreachable ? <Unplug /> : <TriangleAlert />}
      title={isUnreachable ? 'The service cannot be reached' : 'This could not be loaded'}
      action={<Button onPress={onRetry}>Try again</Button>}
    >
      {error instanceof Error && !isUnreachable && <p>{error.message}</p>}
      {error instanceof Problem && error.requestId !== '' && (
        <p className={styles.request}>
          Request <code>{error.requestId}</code> <Copy text={error.requestId} what="request id" />
        </p>
      )}
    </State>
  );
}

/** Rows to come: nothing for a moment, then quiet lines. */
export function Placeholder({ rows = 6, what }: { rows?: number; what: string }) {
  const [isShown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(setShown, QUIET_MS, true);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className={styles.placeholder} aria-busy="true">
      <span className="hidden">Loading {what}</span>
      {isShown && Array.from({ length: rows }, (_, row) => <div key={row} className={styles.row} />)}
    </div>
  );
}

/**
 * State of a query: a placeholder, its error, or its data; data stays when a refresh fails, marked with its age.
 */
export function Loaded<T>({
  query,
  what,
  children,
}: {
  query: Pick<UseQueryResult<T>, 'data' | 'error' | 'isPending' | 'refetch' | 'dataUpdatedAt'>;
  what: string;
  children: (data: T) => ReactNode;
}) {
  const { data, error, isPending, refetch, dataUpdatedAt } = query;
  if (data === undefined && isPending) return <Placeholder what={what} />;
  if (data === undefined) return <Failed error={error} onRetry={() => void refetch()} />;
  return (
    <>
      {error && (
        <div className={styles.stale} role="status">
          <span>
            {error.message} Shown as of <Time at={new Date(dataUpdatedAt).toISOString()} />.
          </span>
          <Button onPress={() => void refetch()}>Try again</Button>
        </div>
      )}
      {children(data)}
    </>
  );
}
