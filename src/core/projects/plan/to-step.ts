import { diff, type FieldChanges } from '../../audit/diff.rules';
import type { Issue } from '../../../kernel/errors';
import { sameValue } from '../../../kernel/json.rules';
import { JSON_KINDS } from '../documents/documents';
import type { Normal } from '../documents/normal.rules';
import type { PlanInput, PlanStep } from '../project.schema';
import { labelOf } from '../state/found';
import type { Trio } from './align';
import { byName, mergeDocuments, type FieldConflict } from './merge.rules';
import { decide, type Decision, type Reason } from './three-way.rules';

/** A step with what carries it out. */
export interface PushStep extends Trio {
  action: PlanStep['action'];
  reason?: Reason;
  allows?: 'over' | 'adopt' | 'restore';
  /** The document that the object will have; null for a deletion, and for what stays. */
  target: Normal | null;
  changes: FieldChanges;
  conflicts?: Record<string, FieldConflict>;
  losses: { word: string; message: string }[];
  issues: Issue[];
}

/**
 * Returns whether a step that changes no object changes what the project last pushed. Then it is a push as others are: a folder that has not
 * seen it has an earlier state.
 */
export const movesBase = ({ action, base, pushed }: PushStep): boolean =>
  action === 'forget' || (action === 'adopt' && !isAlike(base?.document, pushed?.ours));

/** Returns whether two documents are the same, the executor aside where one of them names none. */
const isAlike = (one: Normal | null | undefined, other: Normal | null | undefined): boolean =>
  Boolean(one && other && sameValue(seenBy(one, other), seenBy(other, one)));

type Options = Pick<PlanInput, 'prune' | 'over' | 'adopt' | 'restore'>;

/** Compares the three states of an object. Returns null where nothing differs, and for objects that are not the project's. */
export function toStep(trio: Trio, options: Options): PushStep | null {
  const { base, found, pushed, isAmbiguous } = trio;
  const issues = pushed?.issues ?? [];
  const ours = pushed?.ours ?? null;
  const step = { ...trio, target: null, changes: {}, losses: [], issues };
  if (isAmbiguous) return { ...step, action: 'conflict', reason: 'ambiguous' };
  if (pushed && ours === null) return issues.length > 0 ? { ...step, action: 'change' } : null;
  // The common case, in which no document is compared.
  if (base && found && pushed && base.sha256 === pushed.sha256 && base.at === found.at && issues.length === 0)
    return trio.identity === base.identity ? null : { ...step, action: 'change', target: ours };
  const theirs = found?.normal() ?? null;
  const decision = decide({
    base: base !== null,
    theirs: theirs !== null,
    ours: ours !== null,
    baseIsTheirs: isSame(theirs, base?.document),
    baseIsOurs: isSame(base?.document, ours),
    oursIsTheirs: isSame(theirs, ours) && (!base || !found || trio.identity === identityNow(trio)),
  });
  return carryOut(step, decision, { base: base?.document ?? null, theirs, ours }, options);
}

/** The identity that a found object has by now: a push may rename it. */
const identityNow = ({ kind, identity, found }: Trio): string => (kind === 'endpoint' ? identity : found!.identity);

/** Returns whether `one` is as `reference` asks: a document without an executor leaves it as it is. */
function isSame(one: Normal | null | undefined, reference: Normal | null | undefined): boolean {
  if (!one || !reference) return false;
  return sameValue(seenBy(one, reference), reference);
}

const seenBy = (one: Normal, reference: Normal): Normal => {
  if (Object.hasOwn(reference, 'executor')) return one;
  const { executor: _executor, ...rest } = one;
  return rest;
};

interface Documents {
  base: Normal | null;
  theirs: Normal | null;
  ours: Normal | null;
}

type Blank = Omit<PushStep, 'action'>;

function carryOut(step: Blank, decision: Decision, documents: Documents, options: Options): PushStep | null {
  const { base, theirs, ours } = documents;
  const write = (action: PushStep['action'], target: Normal | null): PushStep => ({
    ...step,
    action,
    target,
    changes: target === null ? {} : changesOf(theirs && seenBy(theirs, target), target),
  });
  const may = (list: readonly string[]): boolean => list.includes(labelOf(step));
  const stays = (action: 'drift' | 'deleted' | 'left', allows?: PushStep['allows']): PushStep => ({
    ...step,
    action,
    changes: theirs && base ? changesOf(base, seenBy(theirs, base)) : {},
    ...(allows ? { allows } : {}),
  });
  switch (decision.kind) {
    case 'same':
      // The same document in another form: its hash is remembered, so that the next push need not send it.
      return step.base?.sha256 === step.pushed?.sha256 ? null : { ...step, action: 'adopt' };
    case 'foreign':
      return null;
    case 'adopt':
    case 'forget':
      return { ...step, action: decision.kind };
    case 'create':
    case 'change':
      return write(decision.kind, ours);
    case 'remove':
      return options.prune ? write('delete', null) : stays('left');
    case 'drift':
      return may(options.over) ? write('change', ours) : stays('drift', 'over');
    case 'deleted':
      return may(options.restore) ? write('create', ours) : stays('deleted', 'restore');
    case 'merge':
      return may(options.over) ? write('change', ours) : merge(step, documents, write);
    case 'conflict': {
      if (!may(options[decision.allows]))
        return { ...stays('left'), action: 'conflict', reason: decision.reason, allows: decision.allows };
      return ours === null ? write('delete', null) : write(theirs ? 'change' : 'create', ours);
    }
  }
}

/** Merges changes of both sides, where they are in different fields and make a valid document. */
function merge(
  step: Blank,
  { base, theirs, ours }: Documents,
  write: (action: 'merge', target: Normal) => PushStep,
): PushStep {
  const conflict = { ...step, action: 'conflict', reason: 'both_changed', allows: 'over' } as const;
  const sides = { base: base ?? {}, ours: ours ?? {}, theirs: seenBy(theirs ?? {}, ours ?? {}) };
  const merged = mergeDocuments(sides.base, sides.ours, sides.theirs);
  if ('conflicts' in merged) return { ...conflict, conflicts: merged.conflicts };
  if (step.kind === 'handler' || !JSON_KINDS[step.kind].safeParse(merged.merged).success) return conflict;
  return write('merge', merged.merged);
}

const changesOf = (from: Normal | null, to: Normal): FieldChanges => {
  const before = byName(from ?? {});
  const after = byName(to);
  // `diff` looks at the fields of its second argument: a field that is gone has its default again.
  return diff(before, { ...Object.fromEntries(Object.keys(before).map((name) => [name, null])), ...after });
};
