import type { Precondition } from '../../../storage/commit';
import type { Context } from '../../access/context';
import type { Offence } from '../../../kernel/errors';
import { invalidInput } from '../../../kernel/offences';
import { isBuiltIn } from './role.rules';

/**
 * Throws 422 unless every name is a built-in or an application role: a misspelt role would grant nothing, silently. `field` is where the
 * names stand in the body. Answers what the commit of these names has to hold: that nobody has deleted one of them since.
 */
export async function expectRoles(
  ctx: Pick<Context, 'store'>,
  names: string[],
  field: string = 'roles',
): Promise<Precondition[]> {
  const { offences, preconditions } = await checkRoles(ctx, names, field);
  if (offences.length > 0) throw invalidInput(offences);
  return preconditions;
}

/** As `expectRoles`, for a verb that lists all offences of its input at once. */
export async function checkRoles(
  ctx: Pick<Context, 'store'>,
  names: string[],
  field: string,
): Promise<{ offences: Offence[]; preconditions: Precondition[] }> {
  const { roles } = ctx.store;
  const own = names.filter((name) => !isBuiltIn(name));
  if (own.length === 0) return { offences: [], preconditions: [] };
  const existing = await roles.existing(own);
  const offences = names.flatMap((name, i) =>
    isBuiltIn(name) || existing.includes(name)
      ? []
      : [{ pointer: `#/${field}/${i}`, code: 'unknown_role', message: `there is no role ${name}` }],
  );
  return { offences, preconditions: [roles.allStand(own)] };
}
