import type { Context } from '../../access/context';
import { ApiError, type Issue } from '../../../kernel/errors';
import { absenceOf, absentOf, warnAt } from '../../uses/absent';
import type { Artifact, WorkflowFacts } from '../../code/artifact';
import { toMentions, type Mention } from '../../code/mention.rules';
import { checkWorkflow } from '../check/check.rules';
import { librariesIn } from '../actions/code-source.rules';
import { compileWorkflow } from './compile.rules';
import { mentionsInWorkflow } from '../check/mentions.rules';
import { placeIssues, placeMentions, placesIn } from '../document/place.rules';
import { allSteps, readWorkflow, type StepNode } from '../document/read.rules';

/** Handlers visited in the search for a cycle. */
const MAX_HANDLERS = 200;

/** A source that passed the checks: the artifact for the loader, warnings for the author, and its mentions. */
export interface PreparedSource {
  artifact: Artifact;
  warnings: Issue[];
  mentions: Mention[];
}

/** Checks a workflow as a handler of its own and compiles it. Throws 422 `invalid_source` with every error, its pointer, line and column. */
export async function prepareWorkflow(
  ctx: Pick<Context, 'store'>,
  path: string,
  source: string,
): Promise<PreparedSource> {
  const { calls: called } = checkWorkflow(source);
  const calls = await reachableCalls(ctx, called);
  const { workflow, errors, warnings, secrets } = checkWorkflow(source, { path, calls });
  if (workflow === null) throw invalidWorkflow(placeIssues(source, errors));
  const tree = readWorkflow(source).tree!;
  const mentions = placeMentions(source, mentionsInWorkflow(tree));
  const absent = await absentOf(ctx, mentions);
  const steps = allSteps(tree.steps).map(({ node }) => node);
  const { code, readsBody } = compileWorkflow(workflow);
  const artifact: Artifact = {
    runtime: 'javascript',
    form: 'request',
    code,
    libraries: librariesOf(steps),
    mentions: toMentions(mentions),
    workflow: {
      kind: workflow.kind,
      calls: called,
      secrets,
      steps: steps.map(({ id }) => id),
      readsBody,
      places: placeSteps(source, steps),
      ...(workflow.kind === 'middleware' ? { source: workflow } : {}),
    },
  };
  return {
    artifact,
    warnings: [
      ...placeIssues(source, warnings),
      ...absent.map((mention) => warnAt(mention, 'maybe_missing', absenceOf(mention))),
    ],
    mentions,
  };
}

function placeSteps(source: string, steps: readonly StepNode[]): NonNullable<WorkflowFacts['places']> {
  const placeOf = placesIn(source);
  return steps.map(({ pointer }) => {
    const { line, column } = placeOf(pointer)!;
    return [pointer, line, column];
  });
}

/** Returns the libraries that the code of the steps imports. */
const librariesOf = (steps: readonly StepNode[]): string[] => {
  const found = steps.flatMap(({ action, step }) => librariesIn(action?.source?.(step).text ?? ''));
  return [...new Set(found)].sort();
};

/** Builds the 422 for a workflow that does not pass the checks. */
export function invalidWorkflow(errors: Issue[]): ApiError {
  const first = errors[0]!;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more, see errors)` : '';
  return new ApiError(
    'invalid_source',
    `${first.pointer.replace(/^#\/source/, '') || 'The workflow'}: ${first.message}${more}`,
    {
      issues: errors,
    },
  );
}

/** Returns the calls of every handler reachable from `paths`, in default versions. Handlers that do not exist are left out. */
async function reachableCalls(
  ctx: Pick<Context, 'store'>,
  paths: readonly string[],
): Promise<Map<string, readonly string[]>> {
  const known = new Map<string, readonly string[]>();
  let next = [...paths];
  while (next.length > 0 && known.size < MAX_HANDLERS) {
    const found = await ctx.store.handlers.callsOf(next.slice(0, MAX_HANDLERS));
    for (const { path, calls } of found) known.set(path, calls);
    next = [...new Set(found.flatMap(({ calls }) => calls))].filter((path) => !known.has(path));
  }
  return known;
}
