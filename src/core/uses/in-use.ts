import type { Context } from '../access/context';
import { ApiError } from '../../kernel/errors';
import { can } from '../access/permissions';
import type { Use, Used, Uses } from './use.schema';

/** Uses that one answer lists, and those that its message names. */
const MAX_USES = 100;
const MAX_NAMED = 20;

/** Who uses something, as far as the actor may see it. `forcible` false: only uses that a forced deletion respects too. */
export async function usesOf(ctx: Pick<Context, 'actor' | 'store'>, used: Used, forcible = true): Promise<Uses> {
  const found = await ctx.store.uses.list(used, MAX_USES + 1, forcible);
  const visible = found.filter(({ noun }) => can(ctx.actor, `${noun}.read`)).toSorted(byNounAndName);
  return { items: visible.slice(0, MAX_USES), more: found.length > Math.min(visible.length, MAX_USES) };
}

/**
 * 409 `in_use` with who uses it: for a commit whose precondition `uses.none` did not hold. `advice` says what to do about it. Uses that
 * ended in the meantime are 412, to be tried again.
 */
export async function inUse(
  ctx: Pick<Context, 'actor' | 'store'>,
  used: Used,
  force: boolean,
  advice: string,
): Promise<ApiError> {
  const uses = await usesOf(ctx, used, !force);
  if (uses.items.length === 0 && !uses.more)
    return new ApiError('stale_revision', `This ${used.noun} was in use a moment ago. Try again.`);
  return new ApiError('in_use', `This ${used.noun} is in use: ${listOf(uses)}. ${advice}`, { uses: uses.items });
}

function listOf({ items, more }: Uses): string {
  if (items.length === 0) return 'by what you may not see';
  const named = items.slice(0, MAX_NAMED).map(({ noun, name }) => `${noun} ${name}`);
  return named.join(', ') + (more || items.length > MAX_NAMED ? ' and others' : '');
}

const byNounAndName = (a: Use, b: Use): number =>
  compare(a.noun, b.noun) || compare(a.name, b.name) || compare(a.id, b.id) || compare(a.as, b.as);
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
