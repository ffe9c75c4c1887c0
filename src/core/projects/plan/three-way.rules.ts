/** Which of the three states of an object exist and which are equal: the last push, this service, the folder. */
export interface Sides {
  base: boolean;
  theirs: boolean;
  ours: boolean;
  baseIsTheirs: boolean;
  baseIsOurs: boolean;
  oursIsTheirs: boolean;
}

export type Reason =
  | 'both_changed'
  | 'not_of_this_project'
  | 'removed_here_changed_there'
  | 'deleted_there_changed_here'
  | 'ambiguous';

export type Decision =
  | { kind: 'same' | 'foreign' | 'create' | 'change' | 'merge' | 'remove' | 'adopt' | 'forget' | 'drift' | 'deleted' }
  | { kind: 'conflict'; reason: Reason; allows: 'over' | 'adopt' | 'restore' };

/**
 * Compares the three states of an object. `merge`: both sides changed it, perhaps in different fields. `remove`: the folder no longer has
 * it. `foreign`: it is not the project's.
 */
export function decide(sides: Sides): Decision {
  const { base, theirs, ours, baseIsTheirs, baseIsOurs, oursIsTheirs } = sides;
  if (!ours) return withoutOurs(sides);
  if (!theirs) {
    if (!base) return { kind: 'create' };
    return baseIsOurs ? { kind: 'deleted' } : conflict('deleted_there_changed_here', 'restore');
  }
  if (oursIsTheirs) return { kind: base && baseIsOurs && baseIsTheirs ? 'same' : 'adopt' };
  if (!base) return conflict('not_of_this_project', 'adopt');
  if (baseIsTheirs) return { kind: 'change' };
  return { kind: baseIsOurs ? 'drift' : 'merge' };
}

function withoutOurs({ base, theirs, baseIsTheirs }: Sides): Decision {
  if (!base) return { kind: 'foreign' };
  if (!theirs) return { kind: 'forget' };
  return baseIsTheirs ? { kind: 'remove' } : conflict('removed_here_changed_there', 'over');
}

const conflict = (reason: Reason, allows: 'over' | 'adopt' | 'restore'): Decision => ({
  kind: 'conflict',
  reason,
  allows,
});
