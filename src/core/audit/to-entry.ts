import { toIso } from '../../kernel/clock';
import type { StoredAuditRow } from '../../storage/audit';
import type { AuditEntry } from './audit.schema';

/** Converts a stored row of the audit trail to its form in the API. */
export const toAuditEntry = ({ at, actorKind, actorId, ...row }: StoredAuditRow): AuditEntry => ({
  ...row,
  at: toIso(at),
  actor: { kind: actorKind, id: actorId },
});
