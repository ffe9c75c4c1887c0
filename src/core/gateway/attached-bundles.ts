import type { Bundle, IsolatePolicy, Runtime } from '../../runtime/types';
import type { Artifact } from '../code/artifact';
import { makeBundle, type CompleteRow } from './bundle';

/** A handler that runs on the answers or failures of an endpoint. `bundle` is null when it cannot run. */
export interface AttachedHandler {
  path: string;
  bundle: Bundle | null;
  /** Identifies its code: place, handler, version and the time of its creation. */
  form: string;
}

export interface AttachedHandlers {
  after: readonly AttachedHandler[];
  onError: AttachedHandler | null;
}

/** Builds the bundles of the handlers that run after an endpoint's own. Unchanged ones are taken from `previous`. */
export function makeAttached(
  row: CompleteRow,
  policy: IsolatePolicy,
  previous: AttachedHandlers | null,
  harnessVersion: Runtime['harnessVersion'],
): AttachedHandlers {
  const { response, onError } = row.endpoint.rules;
  const before = previous === null ? [] : [...previous.after, ...(previous.onError ? [previous.onError] : [])];
  const make = (place: 'after' | 'on-error', index: number, path: string): AttachedHandler => {
    const found = row.attached.find((each) => each.place === place && each.index === index);
    const form = JSON.stringify([place, index, found?.handlerId, found?.version, found?.createdAt]);
    const known = before.find((each) => each.form === form)?.bundle?.artifact;
    const artifact = known ?? readArtifact(found?.artifact ?? null);
    if (artifact === null) return { path, form, bundle: null };
    const role = place === 'after' ? (`after ${index}` as const) : place;
    return { path, form, bundle: makeBundle({ role, artifact, policy }, harnessVersion) };
  };
  return {
    after: response.after.map((path, index) => make('after', index, path)),
    onError: onError === null ? null : make('on-error', 0, onError),
  };
}

/** Returns null without a deployed version, and for code that gets no parameters. */
function readArtifact(text: string | null): Artifact | null {
  const artifact = text === null ? null : (JSON.parse(text) as Artifact);
  return artifact === null || artifact.graph || artifact.workflow?.kind === 'middleware' ? null : artifact;
}
