import type { Bundle, IsolatePolicy, Runtime } from '../../runtime/types';
import type { DefinitionRow } from '../../storage/definitions';
import type { EndpointRules, Limits } from '../publishing/endpoints/endpoint.schema';

/** Questions that an isolate may ask beyond those that its limits allow, to be told of the limit instead of being ended. */
const SPARE_REQUESTS = 100;

/** What one D1 batch read of an endpoint, with all of its rules. */
export type CompleteRow = DefinitionRow & { endpoint: { rules: EndpointRules } };

/** What the isolates of an endpoint may do. */
export const toPolicy = (
  { id, createdAt, executorId }: DefinitionRow['endpoint'],
  { cpuMs, subrequests, hostCalls }: Limits,
): IsolatePolicy => ({
  owner: ownerOf({ id, createdAt }),
  executorId,
  cpuMs,
  subRequests: subrequests + hostCalls + SPARE_REQUESTS,
});

/** An id can be given again once its endpoint is deleted; state and storage of the one before are not for the new one. */
export const ownerOf = ({ id, createdAt }: Pick<DefinitionRow['endpoint'], 'id' | 'createdAt'>): string =>
  `${id}@${createdAt}`;

/** What an endpoint runs in an isolate: its handler, the handler of a `call` step, or the middleware at a place in its list. */
type IsolateRole = 'handler' | 'call' | `middleware ${number}`;

interface Parts {
  role: IsolateRole;
  /** What tells this code from any other: a handler's id and version, or a hash. */
  code: string;
  artifact: Bundle['artifact'];
  policy: IsolatePolicy;
  generation?: Bundle['generation'];
}

/**
 * A bundle whose id changes with everything that changes what the isolate is: the loader never compares code. Parts are told apart by a
 * character that none of them has, so no two endpoints, and no two roles of one, ever meet in an isolate.
 */
export const makeBundle = (
  { role, code, artifact, policy, generation = [0, 0] }: Parts,
  harnessVersion: Runtime['harnessVersion'],
): Bundle => ({
  id: [
    policy.owner,
    role,
    code,
    harnessVersion(artifact.runtime),
    policy.cpuMs,
    policy.subRequests,
    policy.executorId,
  ].join('|'),
  generation,
  artifact,
  policy,
});

export const codeOf = (handlerId: string, version: number): string => `${handlerId}.${version}`;
