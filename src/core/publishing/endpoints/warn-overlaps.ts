import type { Issue } from '../../../kernel/errors';
import type { Context } from '../../access/context';
import { isBelow, rootOf } from './endpoint-path.rules';

/** Maximum number of paths that a warning names. */
const MAX_NAMED = 10;

/** Warns where the subpaths of one endpoint include the path of another, whose calls go to the longer path. */
export async function warnOverlaps(
  { store }: Pick<Context, 'store'>,
  { id, path, subpaths }: { id: string; path: string; subpaths: boolean },
): Promise<Issue[]> {
  const others = (await store.routes.list(rootOf(path))).filter((other) => other.id !== id);
  const below = subpaths ? others.filter((other) => isBelow(other.path, path)) : [];
  const above = others.filter((other) => other.subpaths && isBelow(path, other.path));
  return [
    ...warn('#/subpaths', below, (paths) => `calls of ${paths} go to their own endpoints, not to this one`),
    ...warn(
      '#/path',
      above,
      (paths) => `calls of this path go to this endpoint now, and not to the subpaths of ${paths}`,
    ),
  ];
}

function warn(pointer: string, others: readonly { path: string }[], say: (paths: string) => string): Issue[] {
  const paths = [...new Set(others.map(({ path }) => path))].sort();
  if (paths.length === 0) return [];
  const more = paths.length > MAX_NAMED ? ` and ${paths.length - MAX_NAMED} more` : '';
  return [{ pointer, code: 'overlaps', message: say(paths.slice(0, MAX_NAMED).join(', ') + more) }];
}
