import type { CommitResult } from '../../../storage/commit';
import type { Context } from '../../access/context';
import { ApiError } from '../../../kernel/errors';

/** 409 for a path that `other`, the path of an endpoint, leaves no room for. */
export const pathTaken = (path: string, other: string = path): ApiError =>
  new ApiError(
    'path_taken',
    other === path
      ? `There is an endpoint at ${path} already.`
      : `There is an endpoint at ${other}. Paths that differ in case only are too easily mistaken for each other: choose another.`,
  );

/**
 * Throws 409 when a commit that gives an endpoint a path was not carried out because of another endpoint: one with this path, in whatever
 * case, or, for a new one, with this id.
 */
export async function expectFree(
  { store }: Pick<Context, 'store'>,
  result: CommitResult,
  { id, path }: { id: string; path: string },
  isNew: boolean,
): Promise<void> {
  if (result.kind !== 'taken' && result.kind !== 'unmet') return;
  // Where both are taken, the index of either may be named.
  if (isNew && (await store.endpoints.get(id)))
    throw new ApiError('name_taken', `There is an endpoint with the id ${id} already.`);
  const other = await store.endpoints.likePath(path, id);
  if (other !== undefined) throw pathTaken(path, other);
}
