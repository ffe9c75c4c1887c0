import type { Context } from '../../access/context';
import { rootOf } from '../../publishing/endpoints/endpoint-path.rules';
import { MAX_ROOT_ENDPOINTS } from '../../publishing/endpoints/path-taken';
import { MAX_STEPS } from '../apply/portion.rules';
import type { PushStep } from './to-step';

/** First segments by the endpoints that a push gives them, and takes from them. */
interface Root {
  arriving: PushStep[];
  leaving: number;
}

/** Adds an issue to each endpoint for which its first segment has no room: apply would be refused, however often it is repeated. */
export async function checkRoom({ store }: Context, steps: readonly PushStep[]): Promise<void> {
  for (const [root, { arriving, leaving }] of rootsOf(steps)) {
    const before = arriving.length === 0 ? 0 : await store.routes.countOthers('', { root, shape: '' });
    const excess = before - leaving + arriving.length - MAX_ROOT_ENDPOINTS;
    if (excess <= 0) continue;
    const message =
      `${root} has ${before} endpoints below it and would have ${before - leaving + arriving.length}: a first segment may have ` +
      `${MAX_ROOT_ENDPOINTS}. Give some another first segment, or delete some in a push before this one`;
    for (const step of arriving.slice(-excess)) step.issues.push({ pointer: '#/path', code: 'too_many', message });
  }
}

function rootsOf(steps: readonly PushStep[]): Map<string, Root> {
  const roots = new Map<string, Root>();
  const of = (path: string): Root => {
    const root = roots.get(rootOf(path)) ?? { arriving: [], leaving: 0 };
    roots.set(rootOf(path), root);
    return root;
  };
  // A push of several parts deletes in the last one, which has no room for what the first one makes.
  const isOnePart = steps.length <= MAX_STEPS;
  for (const step of steps) {
    if (step.kind !== 'endpoint') continue;
    const from = step.found?.kind === 'endpoint' ? step.found.row.path : null;
    const to = step.target === null ? null : String(step.target.path);
    if (from !== null && to !== null && rootOf(from) === rootOf(to)) continue;
    if (to !== null) of(to).arriving.push(step);
    if (from !== null && (to !== null || (step.action === 'delete' && isOnePart))) of(from).leaving += 1;
  }
  return roots;
}
