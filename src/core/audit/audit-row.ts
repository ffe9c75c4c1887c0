import type { AuditRow } from '../../storage/commit';
import type { Context } from '../context';
import { newId } from '../ids';

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

/** Which fields of `after` differ from `before`, as `{field: {from, to}}`. */
export function diff(
  before: Record<string, unknown>,
  after: Record<string, unknown>,
): Record<string, { from: unknown; to: unknown }> {
  const changed = Object.keys(after).filter((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]));
  return Object.fromEntries(changed.map((field) => [field, { from: before[field] ?? null, to: after[field] }]));
}
