import type { Context } from '../../access/context';
import { withinPush } from '../../access/permissions';
import { verb } from '../../access/verb';
import { ApiError } from '../../../kernel/errors';
import type { Change } from '../../change/wanted-change';
import { planPush } from '../plan/make-plan';
import { movesBase, type PushStep } from '../plan/to-step';
import type { SavedVersion } from '../../publishing/handlers/handler.schema';
import type { STEP_ACTIONS, Applied, ApplyInput, Plan } from '../project.schema';
import { applyBasics } from './apply-basics';
import { applyDeletions } from './apply-deletions';
import { saveSources, type SavedSource } from './apply-handlers';
import { switchOver } from './apply-switch';
import { memory } from './batch';
import { choosePortion } from './portion.rules';

/** Makes the plan of a push. Writes nothing. */
export const makePlan = verb(
  'project.push',
  async (ctx, name: string, input: Omit<ApplyInput, 'digest'>): Promise<Plan> => {
    const { plan } = await planPush(withinPush(ctx), name, input);
    return plan;
  },
);

/**
 * Applies the plan that was shown, in an order in which no served endpoint meets half a change: sources, which nothing runs yet; roles,
 * tables, secrets and keys; then endpoints and deployed versions in one transaction; last what is dropped. A part that fails leaves the
 * earlier parts, and the next push goes on from there. Throws 409: `plan_changed` when the plan is another by now, `plan_blocked` while it
 * needs an answer.
 */
export const applyPlan = verb('project.push', async (asked, name: string, input: ApplyInput): Promise<Applied> => {
  const ctx = withinPush(asked);
  const { plan, steps } = await planPush(ctx, name, input);
  assertApplicable(plan, input.digest);
  const { chosen, isAll } = choosePortion(steps);
  const settled = isAll ? steps.filter(isSettled) : [];
  const isPush = chosen.length > 0 || settled.some(movesBase);
  await ctx.store.projects.remember([ctx.store.projects.ensure(name, ctx.now())]);
  const sources = await saveSources(ctx, name, chosen, input.commit ?? '');
  await applyBasics(ctx, name, chosen);
  const ofEndpoints = await switchOver(ctx, name, chosen, sources, isPush ? advanceOf(ctx, plan, input, chosen) : null);
  await applyDeletions(ctx, name, chosen);
  // After the generation: a push that stops between leaves folders behind, which is safe, not ahead.
  await ctx.store.projects.remember(settled.flatMap((step) => memory(ctx, name, step, stateOf(step))));
  return {
    project: name,
    generation: isPush ? plan.generation + 1 : plan.generation,
    applied: [...chosen, ...settled].map((step) => ({
      kind: step.kind,
      identity: step.identity,
      action: step.action as (typeof STEP_ACTIONS)[number],
      ...warningsOf(step, sources, ofEndpoints),
    })),
    done: isAll,
    toSet: plan.toSet,
  };
});

type Warnings = SavedVersion['warnings'];

/** Returns the warnings of a step. What an endpoint's code names is a warning of its handler, with the place, where that was saved too. */
function warningsOf(
  step: PushStep,
  sources: readonly SavedSource[],
  ofEndpoints: ReadonlyMap<PushStep, Warnings>,
): { warnings?: Warnings } {
  const isSaved = sources.some((source) => source.step.identity === step.target?.handler);
  const own = ofEndpoints
    .get(step)
    ?.filter(({ code, pointer }) => !isSaved || code !== 'maybe_missing' || pointer !== '#/handler');
  const warnings = own ?? sources.find((source) => source.step === step)?.warnings ?? [];
  return warnings.length === 0 ? {} : { warnings };
}

function assertApplicable({ blocked, digest, need }: Plan, shown: string): void {
  if (digest !== shown)
    throw new ApiError(
      'plan_changed',
      'The service or the folder has changed since this plan was made. Make a new plan.',
    );
  const reasons = [...blocked, ...(need.blobs.length > 0 ? [`${need.blobs.length} sources to upload`] : [])];
  if (reasons.length > 0) throw new ApiError('plan_blocked', `This plan cannot be applied: ${reasons.join(', ')}.`);
}

/** Steps that change nothing but what the project remembers. */
const isSettled = ({ action }: PushStep): boolean => action === 'adopt' || action === 'forget';

const stateOf = ({ found, base }: PushStep) => ({ id: found?.id ?? base!.objectId, at: found?.at ?? 0 });

/** The push itself, as a change: it matches only while no other push came before it. */
function advanceOf(ctx: Context, plan: Plan, { commit }: ApplyInput, chosen: readonly PushStep[]): Change {
  const { actor } = ctx;
  const pushedBy = 'name' in actor ? actor.name : actor.kind;
  const pushed = { lastCommit: commit ?? null, pushedAt: ctx.now(), pushedBy };
  return {
    action: 'project.push',
    id: plan.project,
    changes: { generation: plan.generation + 1, commit: commit ?? null, digest: plan.digest, objects: chosen.length },
    write: ctx.store.projects.advance(plan.project, plan.generation, pushed),
    revision: plan.generation,
  };
}
