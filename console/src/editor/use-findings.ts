import { useEffect, useMemo, useState } from 'react';
import { call } from '../api/call';
import type { Assist } from './assist';
import { merged, toFinding, type Finding } from './finding.rules';

/** Milliseconds of rest after a key before the compiler, and the service, look at the source. */
const COMPILER_MS = 250;
const SERVICE_MS = 900;
const NONE: readonly Finding[] = [];

/** Returns what the compiler and the service find wrong with a source while it is written. Without a connection, what the compiler finds. */
export function useFindings(
  path: string,
  text: string,
  assist: Assist | null,
  asksService: boolean,
): readonly Finding[] {
  const compiler = useDelayed(text, COMPILER_MS, assist, (source, current) => current.check(source));
  const service = useDelayed(text, SERVICE_MS, asksService ? path : null, async (source, at) => {
    const { errors, warnings } = await call('POST /admin/handlers/check', { body: { path: at, source } });
    return [
      ...errors.map((issue) => toFinding(source, issue, 'error')),
      ...warnings.map((issue) => toFinding(source, issue, 'warning')),
    ];
  });
  // Not with each key: the editor moves what it was given along with the text.
  // oxlint-disable-next-line react-hooks/exhaustive-deps
  return useMemo(() => merged(text, compiler, service), [compiler, service]);
}

/** Asks `find` when the text has rested, and forgets answers that come too late. What fails finds nothing. */
function useDelayed<T>(
  text: string,
  ms: number,
  by: T | null,
  find: (text: string, by: T) => Promise<Finding[]>,
): readonly Finding[] {
  const [found, setFound] = useState(NONE);
  useEffect(() => {
    if (by === null || text === '') {
      // Not where nothing changes: React takes updates that each of 50 keys in a row leaves behind for a loop, and refuses the next key.
      if (found !== NONE) setFound(NONE);
      return;
    }
    let isLatest = true;
    const timer = setTimeout(() => {
      find(text, by).then(
        (findings) => isLatest && setFound(findings),
        // Too many checks a second, no connection, a source too deep for the compiler: a save still checks it.
        () => isLatest && setFound(NONE),
      );
    }, ms);
    return () => {
      isLatest = false;
      clearTimeout(timer);
    };
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [text, ms, by]);
  return found;
}
