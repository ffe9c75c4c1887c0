import { groupOf } from '../../../kernel/fields';
import { isObject, isSameJson } from '../../../kernel/json.rules';
import { withBothNames } from './endpoint.rules';
import { ENDPOINT_FIELDS, type Endpoint, type RolesInput, type UpdateEndpointInput } from './endpoint.schema';

/**
 * Returns the part of an update that differs from the stored endpoint. Only that needs a permission: an actor may send back an endpoint as
 * read, with a change in a field that they may change.
 */
export function changedFields(given: UpdateEndpointInput, answer: Endpoint): UpdateEndpointInput {
  const stored = { ...answer, access: { ...answer.access, ...sameRoles(given, answer) } };
  const rest = differing(given, stored);
  for (const [field, value] of Object.entries(rest)) {
    const before: unknown = stored[field as keyof Endpoint];
    if (groupOf(ENDPOINT_FIELDS[field as keyof typeof ENDPOINT_FIELDS]) && isObject(value) && isObject(before))
      rest[field] = differing(value, before);
  }
  return rest as UpdateEndpointInput;
}

/** Returns the roles as they are given, under one name or both, when they are the stored ones. */
const sameRoles = ({ access }: UpdateEndpointInput, answer: Endpoint): { roles?: RolesInput } =>
  access?.roles && isSameJson(withBothNames(access.roles), answer.access.roles) ? { roles: access.roles } : {};

const differing = (given: object, before: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(given).filter(([field, value]) => value !== undefined && !isSameJson(value, before[field])),
  );
