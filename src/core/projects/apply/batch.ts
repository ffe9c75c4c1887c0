import type { Write } from '../../../storage/commit';
import type { Context } from '../../access/context';
import { ApiError, type Issue } from '../../../kernel/errors';
import { changeTogether, gatherChanges } from '../../change/change';
import type { Change } from '../../change/wanted-change';
import { pointerSegment } from '../../../kernel/json-pointer';
import type { PushStep } from '../plan/to-step';
import { labelOf } from '../state/found';

/** Result for an object: its id, and its state as `FoundObject.at` has it. */
export interface Done {
  id: string;
  at: number;
}

/** Steps whose changes are made in one transaction, with what the project remembers of each. */
export interface StepBatch {
  /**
   * Decides the change of a step by verbs, which get a gathering context. Null: the step is not done yet, and the project remembers nothing
   * of it. Keeps a refusal until `make`.
   */
  add: (step: PushStep, decide: (ctx: Context) => Promise<Done | null>) => Promise<void>;
  /** Adds a change that is no step's. */
  addChange: (change: Change) => void;
  /** Makes all changes. Throws every refusal at once instead, or 412 when the service has changed since; nothing has happened then. */
  make: () => Promise<void>;
}

export interface Refusal {
  step: PushStep;
  error: ApiError;
}

/** Opens a batch. Batches that share `refusals` make nothing while any of them has one. */
export function openBatch(base: Context, project: string, refusals: Refusal[] = []): StepBatch {
  const { ctx, gathered } = gatherChanges(base);
  // Verbs decide no change for what is as it should be already: the project remembers that, too.
  const unchanged: Write[] = [];
  return {
    add: async (step, decide) => {
      const before = gathered.length;
      try {
        const done = await decide(ctx);
        const remembered = done ? memory(ctx, project, step, done) : [];
        const last = gathered.length > before ? gathered.at(-1)! : undefined;
        if (last) gathered[gathered.length - 1] = { ...last, also: [...(last.also ?? []), ...remembered] };
        else unchanged.push(...remembered);
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        refusals.push({ step, error });
      }
    },
    addChange: (change) => void gathered.push(change),
    make: async () => {
      if (refusals.length > 0) throw refusalOf(refusals);
      if (gathered.length > 0) await changeTogether(base, gathered);
      await base.store.projects.remember(unchanged);
    },
  };
}

/** Returns the writes by which a project remembers a step that is done. */
export function memory({ store }: Pick<Context, 'store'>, project: string, step: PushStep, done: Done): Write[] {
  const { kind, identity, base, pushed, target } = step;
  const former = base && base.identity !== identity ? [store.projects.removeBase(project, kind, base.identity)] : [];
  if (!pushed?.ours) return [store.projects.removeBase(project, kind, base?.identity ?? identity)];
  // After a merge, the service has what the folder lacks.
  const isEqual = step.action !== 'merge' && (target === null || target === pushed.ours);
  const { sha256, ours: document } = pushed;
  const row = { project, kind, identity, objectId: done.id, sha256, document, at: isEqual ? done.at : null };
  return [...former, store.projects.putBase(row)];
}

/** Returns one error for the refusals of several steps, each issue under the name of its object. */
function refusalOf(refusals: readonly Refusal[]): ApiError {
  const issues = refusals.flatMap(({ step, error }): Issue[] => {
    const at = `#${pointerSegment(labelOf(step))}`;
    const own = error.extra.issues ?? [{ pointer: '#', code: error.code, message: error.message }];
    return own.map((issue) => ({ ...issue, pointer: at + issue.pointer.slice(1) }));
  });
  const [{ step, error }] = refusals as [Refusal];
  const more = refusals.length > 1 ? ` (and ${refusals.length - 1} more objects, see errors)` : '';
  return new ApiError(error.code, `${labelOf(step)}: ${error.message}${more}`, { ...error.extra, issues });
}
