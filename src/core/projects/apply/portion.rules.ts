import type { Normal } from '../documents/normal.rules';
import type { PushStep } from '../plan/to-step';

/** Objects changed by one apply: D1 takes 1,000 statements in one request, and the check of an endpoint takes about ten. */
export const MAX_STEPS = 60;

/**
 * Returns the steps that one apply makes, and whether they are all. Endpoints and the handlers that they share are never divided, unless
 * they alone are more than the limit: a served endpoint then never meets half a change. Deletions come last.
 */
export function choosePortion(
  steps: readonly PushStep[],
  limit: number = MAX_STEPS,
): { chosen: PushStep[]; isAll: boolean } {
  const writes = steps.filter(({ action }) => ['create', 'change', 'merge'].includes(action));
  const basics = writes.filter(({ kind }) => kind !== 'handler' && kind !== 'endpoint');
  const groups = [...basics.map((step) => [step]), ...groupsOf(writes.filter((step) => !basics.includes(step)))];
  const deletions = steps.filter(({ action }) => action === 'delete').map((step) => [step]);
  const chosen: PushStep[] = [];
  for (const group of [...groups, ...deletions]) {
    if (chosen.length > 0 && chosen.length + group.length > limit) return { chosen, isAll: false };
    chosen.push(...group);
  }
  return { chosen, isAll: true };
}

/** Groups endpoints with the handlers that they run, and with all that share one of these. */
function groupsOf(steps: readonly PushStep[]): PushStep[][] {
  const groups = new Map<string, Set<PushStep>>();
  for (const step of steps) {
    const group = new Set([step]);
    for (const path of handlersOf(step)) {
      for (const other of groups.get(path) ?? []) group.add(other);
    }
    for (const member of group) for (const path of handlersOf(member)) groups.set(path, group);
  }
  return [...new Set(groups.values())].map((group) => [...group]);
}

function handlersOf({ kind, identity, target, found }: PushStep): string[] {
  if (kind === 'handler') return [identity];
  return [target, found?.normal() ?? null].flatMap((document) => {
    if (document === null) return [];
    const { middleware = [] } = (document.access ?? {}) as { middleware?: Normal[] };
    const { after = [] } = (document.response ?? {}) as { after?: string[] };
    const onError = document.onError ? [document.onError] : [];
    return [document.handler, ...middleware.map(({ handler }) => handler), ...after, ...onError].map(String);
  });
}
