import { toIso } from '../../kernel/clock';
import type { StoredAuditRow } from '../../storage/audit';
import type { AuditEntry } from './audit.schema';

/** A row of the audit trail as the API shows it. */
export const toAuditEntry = ({ at, actorKind, actorId, ...row }: StoredAuditRow): AuditEntry => ({
  ...row,
  at: toIso(at),
  actor: { kind: actorKind, id: actorId },
});
