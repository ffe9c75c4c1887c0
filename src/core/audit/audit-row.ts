import type { AuditRow } from '../../storage/commit';
import type { Context } from '../context';
import { newId } from '../ids';
import { isObject } from '../json.rules';

/** The audit row of one change. `changes` must hold no value of a key, password, token or secret: only which fields changed. */
export function auditRow(
  ctx: Pick<Context, 'actor' | 'now' | 'requestId'>,
  action: `${string}.${string}`,
  objectId: string,
  changes: Record<string, unknown> = {},
): AuditRow {
  const { actor } = ctx;
  return {
    id: newId('aud', ctx.now()),
    at: ctx.now(),
    actorKind: actor.type,
    actorId: actor.type === 'user' || actor.type === 'token' ? actor.id : null,
    action,
    object: action.slice(0, action.indexOf('.')),
    objectId,
    requestId: ctx.requestId,
    changes,
  };
}

/**
 * Which fields of `after` differ from `before`, as `{field: {from, to}}`; a field within an object that both have is `field.member`. The order of
 * members is no difference.
 */
export function diff(
  before: Record<string, unknown>,
  after: Record<string, unknown>,
): Record<string, { from: unknown; to: unknown }> {
  const changes: Record<string, { from: unknown; to: unknown }> = {};
  for (const [field, to] of Object.entries(after)) {
    const from = before[field] ?? null;
    if (isObject(from) && isObject(to)) {
      const within = diff(from, { ...Object.fromEntries(Object.keys(from).map((name) => [name, null])), ...to });
      for (const [name, change] of Object.entries(within)) changes[`${field}.${name}`] = change;
    } else if (!isSame(from, to)) changes[field] = { from, to };
  }
  return changes;
}

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));

/** The same value with the members of its objects in one order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => [name, sorted(member)]),
  );
}
