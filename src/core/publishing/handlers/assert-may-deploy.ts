import type { Context } from '../../access/context';
import { ApiError } from '../../../kernel/errors';

/** Maximum number of handlers followed through `call` steps, at most three deep. More of them are refused. */
const MAX_CALLERS = 500;

/**
 * Throws 403 when deploying another version of the handler at `path` would run code of the actor with the rights of a user who may do more:
 * as the handler or middleware of an endpoint, or called by one (core/access/run-as.ts has the rule).
 */
export async function assertMayDeploy(ctx: Pick<Context, 'actor' | 'store'>, path: string): Promise<void> {
  const { actor, store } = ctx;
  if (actor.kind === 'system') return;
  const roles = actor.kind === 'anonymous' ? [] : actor.roles;
  if (roles.includes('admin')) return;
  const callers = await callersOf(ctx, path);
  const found = await store.reach.beyond(path, callers, roles);
  if (found === undefined) return;
  throw new ApiError(
    'forbidden',
    `The endpoint ${found.endpoint} would run this with the rights of ${found.executor}, who has roles that you do not have. ` +
      'Save it with "deploy": false and let an admin deploy it.',
  );
}

/** Returns `path` and all its direct and indirect callers. */
async function callersOf({ store }: Pick<Context, 'store'>, path: string): Promise<string[]> {
  const known = new Set<string>();
  let next = [path];
  while (next.length > 0) {
    const found = await store.reach.callersOf(next, MAX_CALLERS + 1);
    next = found.filter((one) => one !== path && !known.has(one));
    for (const one of next) known.add(one);
    if (known.size > MAX_CALLERS)
      throw new ApiError('forbidden', `More than ${MAX_CALLERS} workflows call this handler. Let an admin deploy it.`);
  }
  return [...known];
}
