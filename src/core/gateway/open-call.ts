import { ANONYMOUS } from '../access/actor';
import { newRunId } from '../runs/run-id';
import type { CallContext } from './call';
import type { Definition } from './definition';

/**
 * Begins a call of an endpoint: anonymous, with nothing read, in the instance mode of the endpoint. `subpath` is the path after the
 * endpoint's, `named` are the segments in the places of its names. Every field is set from the start, so that all calls are objects of one shape.
 */
export function openCall<R extends CallContext['request']>(
  definition: Definition,
  kind: CallContext['kind'],
  request: R,
  subpath: string,
  startedAt: number,
  named: readonly string[] = [],
): CallContext & { request: R } {
  const runId = newRunId(startedAt, definition.runShards);
  return {
    runId,
    kind,
    definition,
    bundle: definition.bundle,
    plan: definition.plan,
    startedAt,
    staleMs: 0,
    admittedAt: startedAt,
    caller: ANONYMOUS,
    method: request.method,
    request,
    named,
    subpath,
    body: null,
    unpacked: null,
    content: null,
    params: {},
    paramsText: null,
    files: [],
    middlewareResults: [],
    reports: [],
    outlet: null,
    view: null,
    isCached: false,
    test: null,
    event: null,
    claimed: null,
    via: null,
    depth: 0,
    headers: { 'x-run-id': runId },
  };
}
