import type { Context } from '../context';
import { Fault, type Offence } from '../errors';
import type { Artifact } from '../handler/handler.schema';
import type { Issue } from './action';
import { checkWorkflow } from './check.rules';
import { compileWorkflow } from './compile.rules';
import { placeIssues } from './place.rules';
import { allSteps, readWorkflow } from './read.rules';
import { reachableCalls } from './reachable-calls';

/** Checks a workflow as a handler of its own and compiles it. 422 `invalid_source` lists every error, with pointer, line and column. */
export async function prepareWorkflow(
  ctx: Pick<Context, 'store'>,
  path: string,
  source: string,
): Promise<{ artifact: Artifact; warnings: Offence[] }> {
  const { calls: called } = checkWorkflow(source);
  const calls = await reachableCalls(ctx, called);
  const { workflow, errors, warnings, secrets } = checkWorkflow(source, { path, calls });
  if (workflow === null) throw invalidWorkflow(placeIssues(source, errors));
  const steps = allSteps(readWorkflow(source).tree!.steps).map(({ node }) => node);
  const absent = steps.flatMap((node): Issue[] => {
    const target = node.action?.calls?.(node.step);
    if (target === undefined || target === path || calls.has(target)) return [];
    return [
      { pointer: `${node.pointer}/handler`, code: 'maybe_missing', message: `there is no handler ${target} yet` },
    ];
  });
  const artifact: Artifact = {
    runtime: 'javascript',
    form: 'request',
    code: compileWorkflow(workflow),
    libraries: [],
    workflow: {
      kind: workflow.kind,
      calls: called,
      secrets,
      steps: steps.map(({ id }) => id),
      ...(workflow.kind === 'middleware' ? { source: workflow } : {}),
    },
  };
  return { artifact, warnings: placeIssues(source, [...warnings, ...absent]) };
}

/** 422 for a workflow that does not pass the checks. */
export function invalidWorkflow(errors: Offence[]): Fault {
  const first = errors[0]!;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more, see errors)` : '';
  return new Fault(
    'invalid_source',
    `${first.pointer.replace(/^#\/source/, '') || 'The workflow'}: ${first.message}${more}`,
    {
      errors,
    },
  );
}
