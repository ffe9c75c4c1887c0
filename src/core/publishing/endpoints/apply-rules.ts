import { applyChanges, fillDefaults } from '../../../kernel/fields';
import { withBothNames, withIds } from './endpoint.rules';
import {
  RULES,
  type EndpointRules,
  type RolesInput,
  type StoredRules,
  type UpdateEndpointInput,
} from './endpoint.schema';

/** Returns a row with all of its rules: settings added after it was last saved have their defaults. */
export const completeRules = <R extends { rules: StoredRules }>(row: R): R & { rules: EndpointRules } => ({
  ...row,
  rules: fillDefaults(RULES, row.rules),
});

/** The rules of an endpoint whose creator sets none. */
export const DEFAULT_RULES: EndpointRules = fillDefaults(RULES, {});

/** Returns roles as the database has them: their list under its former name. */
function storedRoles(roles: RolesInput): EndpointRules['roles'] {
  const { match, of } = withBothNames(roles);
  return { match, of };
}

/** Returns the rules with the changes of a creation or an update. `access`, `response`, `cors` and `limits` merge; lists are replaced. */
export const applyRules = (
  before: EndpointRules,
  { access: { roles, ...access } = {}, parameters, ...input }: UpdateEndpointInput,
): EndpointRules =>
  applyChanges(RULES, before, {
    ...input,
    ...access,
    ...(roles && { roles: storedRoles(roles) }),
    ...(parameters && { parameters: withIds(parameters, before.parameters) }),
  });
