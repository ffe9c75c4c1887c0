import type { Bundle, IsolatePolicy, Runtime } from '../../runtime/types';
import type { DefinitionRow } from '../../storage/definitions';

/** What the isolates of an endpoint may do. */
export const toPolicy = ({ id, rules, executorId }: DefinitionRow['endpoint']): IsolatePolicy => ({
  endpointId: id,
  cpuMs: rules.limits.cpuMs,
  subrequests: rules.limits.subrequests,
  egress: rules.egress,
  executorId,
});

/**
 * A bundle whose id changes with everything that changes what the isolate is: the loader never compares code. Parts are
 * told apart by a character that none of them has: an endpoint's id may have dots.
 */
export const makeBundle = (
  endpointId: string,
  handlerId: string,
  version: number,
  artifact: Bundle['artifact'],
  policy: Bundle['policy'],
  harnessVersion: Runtime['harnessVersion'],
  generation: Bundle['generation'],
): Bundle => ({
  id: [
    endpointId,
    handlerId,
    version,
    harnessVersion,
    policy.cpuMs,
    policy.subrequests,
    policy.executorId,
    ...policy.egress,
  ].join('|'),
  generation,
  artifact,
  policy,
});
