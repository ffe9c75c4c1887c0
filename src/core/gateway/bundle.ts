import type { Bundle, IsolatePolicy, Runtime } from '../../runtime/types';
import { sha256Hex } from '../../kernel/signed';
import { mayAskHost } from '../code/asks-host.rules';
import type { DefinitionRow } from '../../storage/definitions';
import type { EndpointRules } from '../publishing/endpoints/endpoint.schema';
import type { Limits } from '../publishing/endpoints/limits.schema';

/** Subrequests of an isolate beyond its limits: they are refused with a message, where the platform would end the isolate. */
const SPARE_REQUESTS = 100;

/** The rows of an endpoint from one D1 batch, with all of its rules. */
export type CompleteRow = DefinitionRow & { endpoint: { rules: EndpointRules } };

/** Returns the policy of an endpoint's isolates. */
export const toPolicy = (
  { id, createdAt, executorId }: DefinitionRow['endpoint'],
  { cpuMs, subrequests, hostCalls }: Limits,
): IsolatePolicy => ({
  owner: ownerOf({ id, createdAt }),
  executorId,
  cpuMs,
  subRequests: subrequests + hostCalls + SPARE_REQUESTS,
});

/** A path can be reused once its endpoint is deleted; the new endpoint must not get the old one's state and storage. */
export const ownerOf = ({ id, createdAt }: Pick<DefinitionRow['endpoint'], 'id' | 'createdAt'>): string =>
  `${id}@${createdAt}`;

/** The code that an isolate runs: the endpoint's handler, the handler of a `call` step, or an attached handler at an index of its list. */
type IsolateRole = 'handler' | 'call' | 'on-error' | `middleware ${number}` | `after ${number}`;

interface Parts {
  role: IsolateRole;
  artifact: Bundle['artifact'];
  policy: IsolatePolicy;
  generation?: Bundle['generation'];
  asOf?: number;
}

interface ArtifactFacts {
  hash: string;
  asksHost: boolean;
}

/** Facts about artifacts, which never change: those of definitions are read once. */
const facts = new WeakMap<Bundle['artifact'], ArtifactFacts>();

function factsOf(artifact: Bundle['artifact']): ArtifactFacts {
  const known = facts.get(artifact);
  if (known !== undefined) return known;
  const own = { hash: sha256Hex(JSON.stringify(artifact)), asksHost: mayAskHost(artifact) };
  facts.set(artifact, own);
  return own;
}

/**
 * Builds a bundle. Its id changes with everything that the isolate is made from, because the loader never compares code: it has the content
 * of the artifact, not the number of a version, which another version has after a restore of the database. The parts of the id are separated
 * by a character that none of them contains, so no two endpoints, and no two roles of one, ever share an isolate.
 */
export const makeBundle = (
  { role, artifact, policy, generation = [0, 0], asOf = 0 }: Parts,
  harnessVersion: Runtime['harnessVersion'],
): Bundle => ({
  id: [
    policy.owner,
    role,
    factsOf(artifact).hash,
    harnessVersion(artifact.runtime),
    policy.cpuMs,
    policy.subRequests,
    policy.executorId,
  ].join('|'),
  generation,
  asOf,
  artifact,
  policy,
  asksHost: factsOf(artifact).asksHost,
});
