import type { CommitResult, Committed, Write } from '../../storage/commit';
import type { Context } from '../access/context';
import { staleRevision } from '../access/revision';
import { auditRow } from '../audit/audit-row';
import { inUse } from '../uses/in-use';
import { ApiError } from '../../kernel/errors';
import type { Change, Refused } from './wanted-change';

type Committing = Pick<Context, 'actor' | 'store' | 'cache' | 'now' | 'requestId'>;
type Changing = Committing & Pick<Context, 'firstAnswer' | 'gathered'>;

/**
 * Makes one change: the writes, their audit row and the answer to keep are one transaction, and the cache of this isolate is invalidated.
 * Throws 412 `stale_revision`, 409 `in_use`, 409 `name_taken`, or the error of `taken` or `explain`; nothing has changed then. In a context
 * that gathers changes, it only adds this one to them.
 */
export async function change(ctx: Changing, wanted: Change): Promise<void> {
  if (ctx.gathered) {
    ctx.gathered.push(wanted);
    return;
  }
  const result = await carryOut(ctx, [toAttempt(ctx, wanted)]);
  if (result.kind !== 'done') throw (await wanted.explain?.(result)) ?? (await errorOf(ctx, wanted, result));
}

/**
 * Returns a context in which verbs decide their changes without making them, and the list of these changes. Only for verbs that do nothing
 * after their change.
 */
export function gatherChanges<Ctx extends Changing>(ctx: Ctx): { ctx: Ctx; gathered: Change[] } {
  const gathered: Change[] = [];
  return { ctx: { ...ctx, gathered }, gathered };
}

/**
 * Makes gathered changes in one transaction, each with its audit row. Throws when any is refused; none has happened then: the error of the
 * change whose name is taken, otherwise 412 `stale_revision`.
 */
export async function changeTogether(ctx: Changing, wanted: readonly Change[]): Promise<void> {
  const result = await carryOut(
    ctx,
    wanted.map((each) => toAttempt(ctx, each)),
  );
  if (result.kind === 'done') return;
  for (const { explain } of result.kind === 'taken' ? wanted : []) {
    const reason = await explain?.(result);
    if (reason !== undefined) throw reason;
  }
  throw deletedConcurrently();
}

function toAttempt(ctx: Changing, wanted: Change): Attempt {
  const { also = [], requires = [], unused } = wanted;
  return {
    ...wanted,
    also: 'answer' in wanted ? [...also, ...keptAnswer(ctx, wanted.answer)] : also,
    requires: unused ? [...requires, ctx.store.uses.none(unused.used, unused.force)] : requires,
  };
}

/**
 * Returns the write that stores the result of a verb, for the batch of its change: both happen or neither, and the database accepts only
 * one of two requests with the same key. Empty without an Idempotency-Key.
 */
const keptAnswer = ({ firstAnswer, store }: Changing, answer: unknown): Write[] =>
  firstAnswer === null ? [] : [store.idempotency.insert(firstAnswer(answer))];

/** A change whose caller needs no reason for a refusal. */
type Attempt = Pick<Change, 'action' | 'id' | 'changes' | 'write' | 'also' | 'requires' | 'undo'>;

/** Makes one change as `change` does; returns false instead of throwing when it is refused. */
export const tryChange = async (ctx: Committing, wanted: Attempt): Promise<boolean> =>
  (await carryOut(ctx, [wanted])).kind === 'done';

async function carryOut(ctx: Committing, wanted: readonly Attempt[]): Promise<CommitResult> {
  try {
    const result = await ctx.store.commit(...wanted.map((each) => toCommitted(ctx, each)));
    if (result.kind !== 'done') for (const { undo } of wanted) await undo?.();
    return result;
  } finally {
    // Also when it throws: the database may have made the change, and only its response was lost.
    ctx.cache.invalidate();
  }
}

const toCommitted = (
  ctx: Committing,
  { action, id, changes, write, also = [], requires = [] }: Attempt,
): Committed => ({
  guarded: write,
  entry: auditRow(ctx, action, id, changes),
  following: also,
  preconditions: requires,
});

async function errorOf(ctx: Changing, { revision = 0, taken, unused }: Change, { kind }: Refused): Promise<ApiError> {
  if (kind === 'stale') return staleRevision(revision + 1);
  if (kind === 'taken') return taken ?? new ApiError('name_taken', 'This name is taken.');
  return unused ? inUse(ctx, unused.used, unused.force, unused.advice) : deletedConcurrently();
}

const deletedConcurrently = (): ApiError =>
  new ApiError(
    'stale_revision',
    'A resource that this references, such as a role or a handler, was deleted concurrently. Retry to see which one.',
  );
