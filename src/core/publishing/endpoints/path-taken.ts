import type { CommitResult } from '../../../storage/commit';
import type { Context } from '../../access/context';
import { ApiError } from '../../../kernel/errors';

/** 409 for a path that equals `other`, the path of an endpoint, but for case. */
export const pathTaken = (path: string, other: string = path): ApiError =>
  new ApiError(
    'path_taken',
    other === path
      ? `An endpoint already exists at ${path}.`
      : `An endpoint already exists at ${other}. Paths must differ in more than case: choose another.`,
  );

/**
 * Returns the 409 for a commit that failed because of another endpoint: one with this path, ignoring case, or, for a new one, with this id.
 * Undefined for another reason.
 */
export async function conflictOf(
  { store }: Pick<Context, 'store'>,
  { kind }: CommitResult,
  { id, path }: { id: string; path: string },
  isNew: boolean,
): Promise<ApiError | undefined> {
  if (kind !== 'taken' && kind !== 'unmet') return undefined;
  // When both are taken, D1 may name the index of either.
  if (isNew && (await store.endpoints.get(id)))
    return new ApiError('name_taken', `An endpoint with the id ${id} already exists. Choose another.`);
  const other = await store.endpoints.likePath(path, id);
  return other === undefined ? undefined : pathTaken(path, other);
}
