import { applyChanges, fillDefaults } from '../../../kernel/fields';
import { withIds } from './endpoint.rules';
import { RULES, type EndpointRules, type StoredRules, type UpdateEndpointInput } from './endpoint.schema';

/** Returns a row with all of its rules: those that were added after it was last saved have their defaults. */
export const completeRules = <R extends { rules: StoredRules }>(row: R): R & { rules: EndpointRules } => ({
  ...row,
  rules: fillDefaults(RULES, row.rules),
});

/** The rules of an endpoint whose creator sets none. */
export const DEFAULT_RULES: EndpointRules = fillDefaults(RULES, {});

/** Returns the rules with what a creation or an update sets. `access`, `response`, `cors` and `limits` merge; lists are replaced. */
export const applyRules = (
  before: EndpointRules,
  { access, parameters, ...input }: UpdateEndpointInput,
): EndpointRules =>
  applyChanges(RULES, before, {
    ...input,
    ...access,
    ...(parameters && { parameters: withIds(parameters, before.parameters) }),
  });
