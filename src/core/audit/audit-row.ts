import type { AuditRow } from '../../storage/commit';
import type { Context } from '../access/context';
import { newId } from '../../kernel/ids';

/** Builds the audit row of one change. `changes` must not contain the value of a key, password, token or secret, only that it changed. */
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
    changes: actor.kind === 'user' && actor.token ? { ...changes, token: actor.token.id } : changes,
  };
}

/** Adds an audit row without a change of a definition: for changes that are stored elsewhere, and for refused requests. */
export const addAuditRow = (
  ctx: Pick<Context, 'actor' | 'now' | 'requestId' | 'store'>,
  action: `${string}.${string}`,
  objectId: string,
  changes: Record<string, unknown> = {},
): Promise<void> => ctx.store.audit.add(auditRow(ctx, action, objectId, changes));
