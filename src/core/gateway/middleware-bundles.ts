import type { Bundle, IsolatePolicy, Runtime } from '../../runtime/types';
import type { Artifact } from '../code/artifact';
import { checkAttachment } from '../publishing/workflows/attachment.rules';
import { compileWorkflow } from '../workflow/compile/compile.rules';
import type { MiddlewareAttachment } from '../workflow/document/workflow.schema';
import { makeBundle, type CompleteRow } from './bundle';

/** One middleware of an endpoint, compiled. `bundle` is null when it cannot run: then every call is refused. */
export interface Middleware {
  path: string;
  version: number | null;
  bundle: Bundle | null;
  /** Identifies the compiled code: handler, version, time of its creation and the values of its parameters. */
  form: string;
}

/**
 * Compiles the middleware of an endpoint, each with the values that the endpoint gives it. Done when the definition is read, not when it is
 * saved: a middleware may be deployed after the endpoint. Unchanged ones are taken from `previous`.
 */
export function compileMiddleware(
  row: CompleteRow,
  policy: IsolatePolicy,
  previous: readonly Middleware[],
  harnessVersion: Runtime['harnessVersion'],
): Middleware[] {
  return row.endpoint.rules.middleware.map((attachment, index) => {
    const found = row.attached.find((each) => each.place === 'before' && each.index === index);
    const form = JSON.stringify([index, found?.handlerId, found?.version, found?.createdAt, attachment.with]);
    const before = previous.find((each) => each.form === form);
    const artifact = before?.bundle?.artifact ?? compileOne(found?.artifact ?? null, attachment);
    const base = { path: attachment.handler, version: found?.version ?? null, form };
    if (artifact === null) return { ...base, bundle: null };
    return { ...base, bundle: makeBundle({ role: `middleware ${index}`, artifact, policy }, harnessVersion) };
  });
}

/** Returns null when the middleware does not exist, or its parameters no longer accept the endpoint's values. */
function compileOne(text: string | null, attachment: MiddlewareAttachment): Artifact | null {
  const artifact = text === null ? null : (JSON.parse(text) as Artifact);
  const workflow = artifact?.workflow?.source;
  if (!artifact || !workflow || checkAttachment(workflow, attachment, {}).errors.length > 0) return null;
  const { code, readsBody } = compileWorkflow(workflow, { with: attachment.with });
  return { ...artifact, code, workflow: { ...artifact.workflow!, readsBody } };
}
