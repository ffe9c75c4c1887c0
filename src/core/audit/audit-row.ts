import type { AuditRow } from '../../storage/commit';
import type { Context } from '../access/context';
import { newId } from '../../kernel/ids';

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
    actorKind: actor.kind,
    actorId: actor.kind === 'user' || actor.kind === 'token' ? actor.id : null,
    action,
    object: action.slice(0, action.indexOf('.')),
    objectId,
    requestId: ctx.requestId,
    changes,
  };
}

/** Adds a row to the audit trail that belongs to no change of a definition: what it tells of is stored elsewhere, or was refused. */
export const addAuditRow = (
  ctx: Pick<Context, 'actor' | 'now' | 'requestId' | 'store'>,
  action: `${string}.${string}`,
  objectId: string,
  changes: Record<string, unknown> = {},
): Promise<void> => ctx.store.audit.add(auditRow(ctx, action, objectId, changes));
