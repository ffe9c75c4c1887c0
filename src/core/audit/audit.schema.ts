import * as z from 'zod';
import { PageQuery } from '../../kernel/page';

/** One change of a definition: actor, action, and old and new values of fields. Never contains the value of a key, password or secret. */
export const AuditEntry = z.object({
  id: z.string(),
  at: z.iso.datetime(),
  actor: z.object({
    kind: z.string(),
    id: z.string().nullable(),
    name: z
      .string()
      .nullable()
      .meta({ description: 'Name of the user; null for others, and once the user is deleted' }),
  }),
  action: z.string().meta({ description: 'noun.verb, for example `endpoint.update`' }),
  object: z.string(),
  objectId: z.string(),
  requestId: z.string(),
  changes: z.record(z.string(), z.unknown()),
});
export type AuditEntry = z.infer<typeof AuditEntry>;

const conditions = {
  actor: z
    .string()
    .max(128)
    .optional()
    .meta({ description: 'Id or name of a user, id of a token, or a kind: user, token, anonymous, system' }),
  action: z.string().max(64).optional().meta({ description: 'noun.verb, for example `endpoint.update`' }),
  object: z.string().max(64).optional().meta({ description: 'A noun, for example `endpoint`' }),
  objectId: z.string().max(128).optional(),
  target: z
    .string()
    .max(512)
    .optional()
    .meta({ description: 'Id of the changed object, or its path, name or alias when it was created or deleted' }),
  since: z.iso.datetime({ offset: true }).optional(),
  until: z.iso.datetime({ offset: true }).optional(),
  q: z.string().min(1).max(200).optional().meta({ description: 'Text in the changes' }),
};

export const ListAuditQuery = z.strictObject({ ...PageQuery.shape, ...conditions });
export type ListAuditQuery = z.infer<typeof ListAuditQuery>;
export type AuditConditions = Omit<ListAuditQuery, 'limit' | 'cursor'>;

export const ExportAuditQuery = z.strictObject({ ...conditions, format: z.enum(['ndjson', 'csv']).default('ndjson') });
export type ExportAuditQuery = z.infer<typeof ExportAuditQuery>;
