import type { ProjectRow } from '../../../storage/projects';
import type { Context } from '../../access/context';
import { toIso } from '../../../kernel/clock';
import { limitIssues } from '../../../kernel/errors';
import { isEmpty } from '../../audit/diff.rules';
import { digestOf } from '../documents/documents';
import type { Plan, PlanInput, PlanStep, Project } from '../project.schema';
import { labelOf } from '../state/found';
import { align, type Trio } from './align';
import { checkRoom } from './check-room';
import { checkSteps } from './check-steps';
import { findLosses } from './losses';
import { toStep, type PushStep } from './to-step';
import { withUploadedDocuments } from './uploaded-documents';

/** A plan with what carries it out. */
export interface MadePlan {
  plan: Plan;
  steps: PushStep[];
}

/** Drifts and conflicts of which the last change is looked up. */
const MAX_LOOKUPS = 50;

/** Returns a project as the API shows it; one that never pushed is at generation 0. */
export const toProject = (name: string, row: ProjectRow | undefined): Project => ({
  name,
  generation: row?.generation ?? 0,
  lastCommit: row?.lastCommit ?? null,
  pushedAt: row?.pushedAt ? toIso(row.pushedAt) : null,
  pushedBy: row?.pushedBy ?? null,
});

/** Compares the folder with the last push and with this service. Writes nothing. */
export async function planPush(ctx: Context, name: string, sent: PlanInput): Promise<MadePlan> {
  const [row, bases] = await Promise.all([ctx.store.projects.get(name), ctx.store.projects.bases(name)]);
  const input = await withUploadedDocuments(ctx, sent);
  const trios = await align(ctx, bases, input);
  const steps = trios.flatMap((trio) => toStep(trio, input) ?? []);
  await findLosses(ctx, steps);
  await checkSteps(ctx, steps, trios);
  await checkRoom(ctx, steps);
  const need = await findNeeds(ctx, trios, steps);
  const { name: project, ...state } = toProject(name, row);
  const shown = await Promise.all(steps.map((step, i) => toShown(ctx, step, input.allow, i < MAX_LOOKUPS)));
  const blocked = blocksOf(
    shown,
    need.documents,
    input.generation !== undefined && input.generation < state.generation,
  );
  const plan = {
    project,
    ...state,
    digest: digestOf({ generation: state.generation, steps: steps.map(identify) }),
    steps: shown,
    unchanged: trios.filter(({ pushed }) => pushed !== null).length - steps.filter(({ pushed }) => pushed).length,
    blocked,
    need,
    toSet: toSetOf(trios),
  };
  return { plan, steps };
}

/** Facts that identify the plan that was shown: another folder, or another state of the service, is another plan. */
const identify = (step: PushStep): object => ({
  label: labelOf(step),
  action: step.action,
  target: step.target,
  sha256: step.pushed?.sha256 ?? null,
  at: step.found?.at ?? null,
  losses: step.losses.map(({ word }) => word),
});

function blocksOf(steps: readonly PlanStep[], documents: readonly string[], isStale: boolean): Plan['blocked'] {
  const has = (holds: (step: PlanStep) => boolean): boolean => steps.some(holds);
  return [
    ...(documents.length > 0 ? ['need' as const] : []),
    ...(has(({ issues }) => issues !== undefined) ? ['invalid' as const] : []),
    ...(has(({ action }) => action === 'conflict') ? ['conflict' as const] : []),
    ...(has(({ losses }) => losses !== undefined) ? ['loss' as const] : []),
    ...(isStale ? ['stale' as const] : []),
  ];
}

async function findNeeds(
  { store }: Context,
  trios: readonly Trio[],
  steps: readonly PushStep[],
): Promise<Plan['need']> {
  const saved = steps.filter(({ kind, target }) => kind === 'handler' && target !== null);
  const needed = trios.filter(({ pushed }) => pushed?.isNeeded);
  // That of a handler of many files is compared by its hash, and needed only to save it.
  const documents = [...needed, ...saved.filter(({ pushed }) => pushed?.built?.document === null)].map(labelOf);
  const hashes = saved.flatMap(({ target, pushed }) => blobsOf(pushed?.built ?? null, String(target!.sha256)));
  const known = hashes.length === 0 ? new Set() : await store.uploads.known(hashes);
  return { documents, blobs: [...new Set(hashes)].filter((hash) => !known.has(hash)) };
}

/** Returns the hashes of the uploads that a handler is saved from. */
function blobsOf(built: NonNullable<Trio['pushed']>['built'], source: string): string[] {
  if (built === null) return [source];
  const files = built.document?.files ?? [];
  return [...files.map(({ sha256 }) => sha256), ...(built.module ? [built.module.code, built.module.map] : [])];
}

/** Returns a step as the API shows it; losses that `allow` names are no longer in it. */
async function toShown(ctx: Context, step: PushStep, allow: readonly string[], looksUp: boolean): Promise<PlanStep> {
  const { kind, identity, action, base, reason, allows, changes, conflicts } = step;
  const losses = step.losses.filter(({ word }) => !allow.includes(word));
  const changedBy = looksUp && isTheirs(action) ? await lastChange(ctx, step) : undefined;
  return {
    kind,
    identity,
    action,
    ...(base && base.identity !== identity && step.pushed ? { from: base.identity } : {}),
    ...(reason ? { reason } : {}),
    ...(allows ? { allows } : {}),
    ...(isEmpty(changes) ? {} : { changes }),
    ...(conflicts ? { conflicts } : {}),
    ...(changedBy ? { changedBy } : {}),
    ...(losses.length > 0 ? { losses } : {}),
    ...(step.issues.length > 0 ? { issues: limitIssues(step.issues) } : {}),
  };
}

const isTheirs = (action: PushStep['action']): boolean => ['drift', 'deleted', 'conflict', 'merge'].includes(action);

/** Returns who changed an object last in this service, and when. */
async function lastChange({ store }: Context, { kind, found, base }: PushStep): Promise<PlanStep['changedBy']> {
  const objectId = found?.id ?? base?.objectId;
  const row = objectId === undefined ? undefined : await store.audit.lastOf(kind, objectId);
  return row && { actor: row.actor ?? row.actorKind, at: toIso(row.at) };
}

/** Returns the secrets and keys of the folder that have no value here. */
function toSetOf(trios: readonly Trio[]): Plan['toSet'] {
  const empty = (kind: 'secret' | 'key'): string[] =>
    trios.flatMap(({ kind: of, identity, pushed, found }) => {
      const hasValue = (found?.kind === 'secret' || found?.kind === 'key') && found.row.version > 0;
      return of === kind && pushed && !hasValue ? [identity] : [];
    });
  return { secrets: empty('secret'), keys: empty('key') };
}
