import type { RouteRow } from '../../storage/routes';
import { METHODS } from '../../kernel/http-methods';
import { namesOf } from '../publishing/endpoints/endpoint-path.rules';

export interface PathRoute {
  id: string;
  path: string;
  /** Names in the path, in order. */
  names: readonly string[];
  revision: number;
}

/** The endpoints of one path, by method. */
export interface MethodTable {
  byMethod: ReadonlyMap<string, PathRoute>;
  /** The value of `Allow`: the methods of all of them. */
  allow: string;
  /** Answers for a method that none has. */
  first: PathRoute;
}

/** Endpoints whose paths begin with the same segments. */
interface Node {
  literals: Map<string, Node>;
  name: Node | null;
  /** All endpoints that end here; those of them with `subpaths`. */
  here: MethodTable | null;
  below: MethodTable | null;
}

/** The compiled paths of one first segment. */
export interface Router {
  root: Node;
  /** Id of its only endpoint; null where it has several. */
  only: string | null;
}

/** The path that a call has, whatever its method. */
export interface Match {
  table: MethodTable;
  /** Segments in the places of names, as sent. */
  values: readonly string[];
  /** The rest of the target: empty, or starting with a slash. */
  subpath: string;
}

const newNode = (): Node => ({ literals: new Map(), name: null, here: null, below: null });
const NO_VALUES: readonly string[] = [];

/** Compiles the routes of one first segment. Inactive endpoints keep their paths and answer no calls. */
export function compileRoutes(rows: readonly RouteRow[]): Router {
  const root = newNode();
  const ends = new Map<Node, RouteRow[]>();
  for (const row of rows) {
    if (!row.active) continue;
    const node = nodeOf(root, row.path);
    ends.set(node, [...(ends.get(node) ?? []), row]);
  }
  for (const [node, found] of ends) {
    node.here = toTable(found);
    node.below = toTable(found.filter(({ subpaths }) => subpaths));
  }
  return { root, only: rows.length === 1 ? rows[0]!.id : null };
}

/** Finds or adds the node at the end of a path, below the first segment. */
function nodeOf(root: Node, path: string): Node {
  let node = root;
  for (const segment of path.split('/').slice(1)) {
    if (segment.startsWith(':')) node = node.name ??= newNode();
    else {
      const next = node.literals.get(segment) ?? newNode();
      node.literals.set(segment, next);
      node = next;
    }
  }
  return node;
}

function toTable(rows: readonly RouteRow[]): MethodTable | null {
  if (rows.length === 0) return null;
  const byMethod = new Map<string, PathRoute>();
  for (const { id, path, methods, revision } of rows) {
    const route = { id, path, names: namesOf(path), revision };
    for (const method of methods) byMethod.set(method, route);
  }
  const sorted = METHODS.filter((method) => byMethod.has(method));
  return { byMethod, allow: sorted.join(', '), first: byMethod.get(sorted[0]!)! };
}

/** Returns the endpoint for a method: `GET` answers `HEAD`. */
export const routeFor = ({ byMethod }: MethodTable, method: string): PathRoute | undefined =>
  byMethod.get(method) ?? (method === 'HEAD' ? byMethod.get('GET') : undefined);

interface Walk {
  target: string;
  values: string[];
  /** The longest path with `subpaths` so far, and where it ends. */
  prefix: Match | null;
  prefixEnd: number;
}

/**
 * Finds the path of a target, which begins with the first segment of the router. A path that matches as a whole comes before one with
 * subpaths, the longest of these first; a literal segment comes before a name, from the left. A slash at the end is ignored.
 */
export function matchRoute({ root }: Router, target: string): Match | null {
  const slash = target.indexOf('/');
  if (slash === -1) return root.here && { table: root.here, values: NO_VALUES, subpath: '' };
  const walk: Walk = { target, values: [], prefix: null, prefixEnd: -1 };
  return descend(walk, root, slash) ?? walk.prefix;
}

/** Matches the rest of the target, from the slash at `at`, below a node. Remembers prefixes on the way. */
function descend(walk: Walk, node: Node, at: number): Match | null {
  const { target } = walk;
  if (at >= target.length - 1) return node.here && toMatch(walk, node.here, at);
  if (node.below !== null && at > walk.prefixEnd) {
    walk.prefix = toMatch(walk, node.below, at);
    walk.prefixEnd = at;
  }
  if (node.name === null && node.literals.size === 0) return null;
  const slash = target.indexOf('/', at + 1);
  const end = slash === -1 ? target.length : slash;
  const segment = target.slice(at + 1, end);
  const literal = node.literals.get(segment);
  const found = literal === undefined ? null : descend(walk, literal, end);
  if (found !== null || node.name === null || segment === '') return found;
  walk.values.push(segment);
  const named = descend(walk, node.name, end);
  walk.values.pop();
  return named;
}

const toMatch = ({ target, values }: Walk, table: MethodTable, at: number): Match => ({
  table,
  values: values.length === 0 ? NO_VALUES : values.slice(),
  subpath: target.slice(at),
});
