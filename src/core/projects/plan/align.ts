import type { BaseRow } from '../../../storage/projects';
import type { Context } from '../../access/context';
import { KINDS, type Kind } from '../documents/documents';
import { findObjects } from '../state/find-objects';
import { isSameEndpoint, labelOf, splitEndpointIdentity, type FoundObject } from '../state/found';
import type { PlanInput } from '../project.schema';
import { readPushed, type Pushed } from './read-pushed';

/** One object in its three states: as last pushed, as it is in this service, as the folder has it. */
export interface Trio {
  kind: Kind;
  identity: string;
  base: BaseRow | null;
  found: FoundObject | null;
  pushed: Pushed | null;
  /** Several objects of the service may be meant. */
  isAmbiguous: boolean;
}

/** Brings together what a project pushed before, what is in this service, and what the folder has. */
export async function align(ctx: Context, bases: readonly BaseRow[], input: PlanInput): Promise<Trio[]> {
  const pushed = readPushed(input, bases);
  const pairs = pairUp(pushed, bases);
  const trios: Trio[] = [];
  for (const kind of KINDS) {
    const of = pairs.filter((pair) => pair.kind === kind);
    const identities = of.flatMap(({ identity, base }) => (base ? [identity, base.identity] : [identity]));
    const ids = of.flatMap(({ base }) => (base ? [base.objectId] : []));
    const known = new Map(of.flatMap(({ base }) => (base ? [[base.identity, sourceOf(base)] as const] : [])));
    const found = indexOf(await findObjects(ctx, kind, [...new Set(identities)], { ids, known }));
    trios.push(...of.map((pair) => withFound(pair, found)));
  }
  return trios;
}

const sourceOf = ({ at, document }: BaseRow) => ({ at, sha256: String(document.sha256) });

type Pair = Omit<Trio, 'found' | 'isAmbiguous'>;

/** The part of an identity that objects which may be one share: of an endpoint, the path. */
const nameOf = (kind: Kind, identity: string): string =>
  kind === 'endpoint' ? splitEndpointIdentity(identity).path : identity;

/** Lists the last pushes of a kind that have a name, of those that are not paired yet. */
type Near = (kind: Kind, identity: string) => BaseRow[];

/** Pairs each object of the folder with its last push; what is left was pushed before and is no longer in the folder. */
function pairUp(pushed: readonly Pushed[], bases: readonly BaseRow[]): Pair[] {
  const left = new Map(bases.map((base) => [labelOf(base), base]));
  const named = Map.groupBy(bases, ({ kind, identity }) => `${kind} ${nameOf(kind, identity)}`);
  const near: Near = (kind, identity) =>
    (named.get(`${kind} ${nameOf(kind, identity)}`) ?? []).filter((base) => left.has(labelOf(base)));
  const take = (base: BaseRow | undefined): BaseRow | null => {
    if (base) left.delete(labelOf(base));
    return base ?? null;
  };
  // Exact names first, so that no other object takes the base of one.
  const exact = pushed.map((one) => take(left.get(labelOf(one))));
  const pairs = pushed.map((one, i): Pair => {
    const { kind, identity } = one;
    const base = exact[i] ?? take(findLike(one, near));
    return { kind, identity, base, pushed: one };
  });
  const gone = [...left.values()].map((base): Pair => ({
    kind: base.kind,
    identity: base.identity,
    base,
    pushed: null,
  }));
  return [...pairs, ...gone];
}

/** Finds the last push of an object under its former name; of an endpoint, with other methods as well. */
function findLike({ kind, identity, was }: Pushed, near: Near): BaseRow | undefined {
  if (kind === 'endpoint') {
    const like = near(kind, identity).filter((base) => isSameEndpoint(base.identity, identity));
    if (like.length > 0) return like.length === 1 ? like[0] : undefined;
    return was === null ? undefined : near(kind, was).find((base) => isSameEndpoint(base.identity, was));
  }
  return was === null ? undefined : near(kind, was)[0];
}

/** Objects of one kind: a folder may have thousands, so none is looked up by a walk over all. */
interface Index {
  byId: ReadonlyMap<string, FoundObject>;
  byName: ReadonlyMap<string, FoundObject[]>;
}

const indexOf = (found: readonly FoundObject[]): Index => ({
  byId: new Map(found.map((one) => [one.id, one])),
  byName: Map.groupBy(found, ({ kind, identity }) => nameOf(kind, identity)),
});

function withFound(pair: Pair, found: Index): Trio {
  const candidates = candidatesOf(pair, found);
  const isAmbiguous = candidates.length > 1;
  return { ...pair, found: isAmbiguous ? null : (candidates[0] ?? null), isAmbiguous };
}

/**
 * Returns the objects of the service that a pair may mean: an endpoint by the id of its last push, wherever it is now, or else one that was
 * made again in its place.
 */
function candidatesOf({ kind, identity, base }: Pair, { byId, byName }: Index): FoundObject[] {
  const own = kind === 'endpoint' && base ? byId.get(base.objectId) : undefined;
  if (own) return [own];
  const named = (of: string): FoundObject[] => byName.get(nameOf(kind, of)) ?? [];
  return kind === 'endpoint'
    ? named(identity).filter((one) => isSameEndpoint(one.identity, identity))
    : named(base?.identity ?? identity);
}
