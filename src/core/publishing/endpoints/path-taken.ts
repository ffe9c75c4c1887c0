import type { CommitResult, Precondition, Write } from '../../../storage/commit';
import type { RouteConflict, RouteKey } from '../../../storage/routes';
import type { Context } from '../../access/context';
import { ApiError } from '../../../kernel/errors';
import { invalidField } from '../../../kernel/issues';
import { rootOf, shapeOf } from './endpoint-path.rules';

/** Maximum number of endpoints whose paths share a first segment: a call of a new segment reads them all. */
export const MAX_ROOT_ENDPOINTS = 200;

/** The methods and the path that an endpoint answers. */
export interface Answered {
  id: string;
  path: string;
  methods: readonly string[];
}

type Stored = Pick<Context, 'store'>;

const keyOf = (path: string): RouteKey => ({ shape: shapeOf(path), root: rootOf(path) });

/** Returns the writes and conditions that give an endpoint its routes. */
export function claimRoutes(
  { store: { routes } }: Stored,
  { id, path, methods }: Answered,
): { writes: Write[]; requires: Precondition[] } {
  const key = keyOf(path);
  return {
    writes: [routes.remove(id), routes.insert(id, key, methods)],
    requires: [routes.isWrittenAlike(id, path, key), routes.hasRoom(id, key, MAX_ROOT_ENDPOINTS)],
  };
}

/** Throws 409 `path_taken` when another endpoint answers one of the methods at this path. */
export async function assertRoutesFree({ store }: Stored, { id, path, methods }: Answered): Promise<void> {
  const other = await store.routes.conflict(id, path, keyOf(path), methods);
  if (other !== undefined) throw pathTaken(path, other);
}

/**
 * Returns the error for a commit that failed because of other endpoints: one that answers the same calls, too many, or, for a new one, one
 * with this id. Undefined for another reason.
 */
export async function conflictOf(
  { store }: Stored,
  { kind }: CommitResult,
  { id, path, methods }: Answered,
  isNew: boolean,
): Promise<ApiError | undefined> {
  if (kind !== 'taken' && kind !== 'unmet') return undefined;
  // When both are taken, D1 may name the index of either.
  if (isNew && (await store.endpoints.get(id)))
    return new ApiError('name_taken', `An endpoint with the id ${id} already exists. Choose another.`);
  const key = keyOf(path);
  const other = await store.routes.conflict(id, path, key, methods);
  if (other !== undefined) return pathTaken(path, other);
  return (await store.routes.countOthers(id, key)) < MAX_ROOT_ENDPOINTS ? undefined : tooMany(key.root);
}

const tooMany = (root: string): ApiError =>
  invalidField(
    'path',
    'too_many',
    `already has ${MAX_ROOT_ENDPOINTS} endpoints below ${root}, the most that one first segment may have`,
  );

/** 409 that names the endpoint which answers the same calls, or whose path differs in case or in names only. */
function pathTaken(path: string, other: RouteConflict): ApiError {
  if (other.path === path)
    return new ApiError('path_taken', `The endpoint ${other.id} already answers ${other.method} at ${path}.`);
  const isCase = path.toLowerCase() === other.path.toLowerCase();
  return new ApiError(
    'path_taken',
    isCase
      ? `The endpoint ${other.id} is at ${other.path}. Paths must differ in more than case: choose another, or the same.`
      : `The endpoint ${other.id} is at ${other.path}, which matches the same calls. Use the same names: ${other.path}.`,
  );
}
