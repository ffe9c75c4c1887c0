import type { Context } from '../access/context';
import { ApiError } from '../../kernel/errors';
import { can } from '../access/permissions';
import type { Use, Used, Uses } from './use.schema';

/** Uses in one response, and in its message. */
const MAX_USES = 100;
const MAX_NAMED = 20;

/** Returns the uses of a resource that the actor may see. `forcible` false: only those that block a forced deletion too. */
export async function usesOf(ctx: Pick<Context, 'actor' | 'store'>, used: Used, forcible = true): Promise<Uses> {
  const found = await ctx.store.uses.list(used, MAX_USES + 1, forcible);
  const visible = found.filter(({ noun }) => can(ctx.actor, `${noun}.read`)).toSorted(byNounAndName);
  return { items: visible.slice(0, MAX_USES), more: found.length > Math.min(visible.length, MAX_USES) };
}

/**
 * Builds 409 `in_use` with the uses, for a commit whose precondition `uses.none` failed. `advice` is the last sentence of the message.
 * Returns 412 when the uses have ended since; the caller can retry.
 */
export async function inUse(
  ctx: Pick<Context, 'actor' | 'store'>,
  used: Used,
  force: boolean,
  advice: string,
): Promise<ApiError> {
  const uses = await usesOf(ctx, used, !force);
  if (uses.items.length === 0 && !uses.more)
    return new ApiError('stale_revision', `This ${used.noun} was in use until a moment ago. Try again.`);
  return new ApiError('in_use', `This ${used.noun} is in use: ${listOf(uses)}. ${advice}`, { uses: uses.items });
}

function listOf({ items, more }: Uses): string {
  if (items.length === 0) return 'by resources that you may not see';
  const named = items.slice(0, MAX_NAMED).map(({ noun, name }) => `${noun} ${name}`);
  return named.join(', ') + (more || items.length > MAX_NAMED ? ' and others' : '');
}

const byNounAndName = (a: Use, b: Use): number =>
  compare(a.noun, b.noun) || compare(a.name, b.name) || compare(a.id, b.id) || compare(a.as, b.as);
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
