import type { CommitResult, Precondition, Write } from '../../storage/commit';
import type { Context } from '../access/context';
import { staleRevision } from '../access/revision';
import { auditRow } from '../audit/audit-row';
import { inUse } from '../uses/in-use';
import type { Used } from '../uses/use.schema';
import { ApiError } from '../../kernel/errors';

type Refused = Exclude<CommitResult, { kind: 'done' }>;
type Explain = (result: Refused) => ApiError | undefined | Promise<ApiError | undefined>;

/** One change of a resource, with everything that belongs to it. */
export interface Change {
  /** `noun.verb`, for the audit trail. */
  action: `${string}.${string}`;
  /** Id, or name, of the changed resource. */
  id: string;
  /** The changed fields, for the audit trail. Never has the value of a key, password, token or secret. */
  changes?: Record<string, unknown>;
  /** The deciding statement: when it changes no row, nothing of this change happens. */
  write: Write;
  /** The revision that `write` requires; none for a new resource. */
  revision?: number;
  /** Dependent statements, in the same batch. */
  also?: readonly Write[];
  /** Conditions of the same batch, for example that a role still exists. */
  requires?: readonly Precondition[];
  /** Refuses the change with 409 `in_use`, and `advice`, while something uses `used`; `force` overrides the uses that may be overridden. */
  unused?: { used: Used; force: boolean; advice: string } | undefined;
  /** The response to a creation: a repeat with the same Idempotency-Key gets it. */
  answer?: unknown;
  /** The error for a value that already exists in a unique index. */
  taken?: ApiError;
  /** Returns a more specific error than the usual one, or undefined. */
  explain?: Explain;
  /** Undoes preparations outside of the database, when the change is refused. */
  undo?: () => Promise<unknown>;
}

type Committing = Pick<Context, 'actor' | 'store' | 'cache' | 'now' | 'requestId'>;
type Changing = Committing & Pick<Context, 'firstAnswer'>;

/**
 * Makes one change: the writes, their audit row and the answer to keep are one transaction, and the cache of this isolate is invalidated.
 * Throws 412 `stale_revision`, 409 `in_use`, 409 `name_taken`, or the error of `taken` or `explain`; nothing has changed then.
 */
export async function change(ctx: Changing, wanted: Change): Promise<void> {
  const { also = [], requires = [], unused } = wanted;
  const result = await carryOut(ctx, {
    ...wanted,
    also: 'answer' in wanted ? [...also, ...keptAnswer(ctx, wanted.answer)] : also,
    requires: unused ? [...requires, ctx.store.uses.none(unused.used, unused.force)] : requires,
  });
  if (result.kind !== 'done') throw (await wanted.explain?.(result)) ?? (await errorOf(ctx, wanted, result));
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
  (await carryOut(ctx, wanted)).kind === 'done';

async function carryOut(ctx: Committing, wanted: Attempt): Promise<CommitResult> {
  const { action, id, changes, write, also = [], requires = [], undo } = wanted;
  try {
    const result = await ctx.store.commit(write, auditRow(ctx, action, id, changes), [...also], [...requires]);
    if (result.kind !== 'done') await undo?.();
    return result;
  } finally {
    // Also when it throws: the database may have made the change, and only its response was lost.
    ctx.cache.invalidate();
  }
}

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
