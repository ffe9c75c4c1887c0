import type { Context } from '../context';
import { invalidInput } from '../offences';
import { isBuiltIn } from './role.rules';

/**
 * Throws 422 unless every name is a built-in or an application role: a misspelt role would grant nothing, silently. `field` is where the
 * names stand in the body.
 */
export async function expectRoles(
  ctx: Pick<Context, 'store'>,
  names: string[],
  field: string = 'roles',
): Promise<void> {
  const existing = await ctx.store.roles.existing(names.filter((name) => !isBuiltIn(name)));
  const offences = names.flatMap((name, i) =>
    isBuiltIn(name) || existing.includes(name)
      ? []
      : [{ pointer: `#/${field}/${i}`, code: 'unknown_role', message: `there is no role ${name}` }],
  );
  if (offences.length > 0) throw invalidInput(offences);
}
