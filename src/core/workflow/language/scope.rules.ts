/** Known facts about the run at a point between two steps. Never changed in place. */
export interface Scope {
  /** Steps that have a result on every path to here, and on some path. */
  steps: Known;
  /** Variables likewise. */
  vars: Known;
  loop: 'none' | 'index' | 'item';
  inCatch: boolean;
  /** False after a step that ends every path. */
  reachable: boolean;
  /** State of the response at this point. */
  answered: 'no' | 'maybe' | 'yes';
}
export interface Known {
  always: ReadonlySet<string>;
  sometimes: ReadonlySet<string>;
}

const EMPTY: Known = { always: new Set(), sometimes: new Set() };
export const START: Scope = {
  steps: EMPTY,
  vars: EMPTY,
  loop: 'none',
  inCatch: false,
  reachable: true,
  answered: 'no',
};

export const know = (known: Known, name: string): Known => ({
  always: new Set([...known.always, name]),
  sometimes: new Set([...known.sometimes, name]),
});
export const knowMaybe = (known: Known, names: Iterable<string>): Known => ({
  always: known.always,
  sometimes: new Set([...known.sometimes, ...names]),
});

/** Merges the scopes of paths that meet. A path that ended adds nothing; when all ended, the result is not reachable. */
export function join(paths: readonly Scope[], outer: Scope): Scope {
  const alive = paths.filter((path) => path.reachable);
  const [first, ...rest] = alive.length > 0 ? alive : paths;
  if (first === undefined) return outer;
  const met = rest.reduce(
    (a, b) => ({
      ...a,
      steps: meet(a.steps, b.steps),
      vars: meet(a.vars, b.vars),
      answered: a.answered === b.answered ? a.answered : ('maybe' as const),
    }),
    first,
  );
  return { ...met, loop: outer.loop, inCatch: outer.inCatch, reachable: alive.length > 0 };
}

const meet = (a: Known, b: Known): Known => ({
  always: new Set([...a.always].filter((name) => b.always.has(name))),
  sometimes: new Set([...a.sometimes, ...b.sometimes]),
});
