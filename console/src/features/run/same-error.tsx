import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useRights } from '../../api/session';
import { clockTime } from '../../kit/time.rules';
import { endpointQueries } from '../endpoint/endpoint.queries';
import { handlerQueries, type Handler, type Version } from '../handler/handler.queries';
import { ServeVersion } from '../handler/serve-version';
import { versionBefore } from '../handler/served.rules';
import { PersonLink } from '../user/person-link';
import { FAILED } from './outcome.rules';
import type { RunFilter } from './run-filter.rules';
import { runQueries, type Run } from './run.queries';
import { countErrors, countText, followsDefault } from './same-error.rules';

/** Leads to the runs with the error of this one. Where the code failed: how many there are since when, and the way back to older code. */
export function SameError({ run, error }: { run: Run; error: NonNullable<Run['error']> }) {
  const filter = { endpointId: run.endpointId, error: error.code, step: error.step, since: '-24h' } satisfies RunFilter;
  const isFailure = FAILED.includes(run.outcome);
  const { data } = useQuery({ ...runQueries.alike(run.id, filter), enabled: isFailure });
  const code = useFollowedCode(run, isFailure);
  const now = Date.now();
  const count = data && countErrors(run, data, now);
  const first = code?.versions.find(({ version }) => version === count?.first?.handlerVersion);
  return (
    <>
      <span>
        <Link to="/runs" search={filter}>
          The same error in the last 24 hours
        </Link>
        {count && `: ${countText(count, now)}`}
        {first && (
          <>
            {' '}
            (saved {clockTime(Date.parse(first.createdAt), now)} by{' '}
            <PersonLink id={first.createdBy} name={first.createdByName} />)
          </>
        )}
      </span>
      {code && <WayBack run={run} {...code} />}
    </>
  );
}

interface Code {
  handler: Handler;
  /** The newest ones. */
  versions: readonly Version[];
}

/** Reads the handler whose default version the endpoint of a run serves, for users who may deploy; null for others, and until it is read. */
function useFollowedCode(run: Run, isFailure: boolean): Code | null {
  const { may } = useRights();
  const { handlerPath, handlerVersion, kind, endpointId } = run;
  const enabled =
    isFailure && may('handler.write') && kind !== 'graph' && handlerPath !== null && handlerVersion !== null;
  // Both at once: most endpoints follow the default version.
  const endpoint = useQuery({ ...endpointQueries.one(endpointId), enabled }).data;
  const handler = useQuery({ ...handlerQueries.byPath(handlerPath ?? ''), enabled }).data;
  const follows = endpoint !== undefined && followsDefault(run, endpoint);
  const { data } = useInfiniteQuery({
    ...handlerQueries.versions(handler?.id ?? ''),
    enabled: handler != null && follows,
  });
  return handler && follows && data ? { handler, versions: data.pages.flatMap(({ items }) => items) } : null;
}

function WayBack({ run, handler, versions }: { run: Run } & Code) {
  if (handler.defaultVersion === null) return null;
  if (handler.defaultVersion !== run.handlerVersion) return <span>v{handler.defaultVersion} is served now.</span>;
  const version = versionBefore(handler, versions);
  return version && <ServeVersion handler={handler} version={version} isNamed />;
}
