import * as z from 'zod';
import { PageQuery } from '../page';

/** One change of a definition: who, what, and which fields went from what to what. Never holds a value of a key, password or secret. */
export const AuditEntry = z.object({
  id: z.string(),
  at: z.iso.datetime(),
  actor: z.object({ kind: z.string(), id: z.string().nullable() }),
  action: z.string().meta({ description: 'noun.verb, for example `endpoint.update`' }),
  object: z.string(),
  objectId: z.string(),
  requestId: z.string(),
  changes: z.record(z.string(), z.unknown()),
});
export type AuditEntry = z.infer<typeof AuditEntry>;

export const ListAuditQuery = z.strictObject({
  ...PageQuery.shape,
  object: z.string().max(64).optional(),
  objectId: z.string().max(128).optional(),
});
export type ListAuditQuery = z.infer<typeof ListAuditQuery>;
