import { AuditEntry, ExportAuditQuery, ListAuditQuery } from '../../core/audit/audit.schema';
import { exportAudit } from '../../core/audit/export-audit';
import { listAudit } from '../../core/audit/list-audit';
import { pageOf } from '../../kernel/page';
import { route } from '../wire/route';

export const auditRoutes = [
  route({
    id: 'listAudit',
    method: 'get',
    path: '/admin/audit',
    verb: listAudit,
    tag: 'Audit',
    summary: 'The record of changes, newest first',
    query: ListAuditQuery,
    answers: { 200: pageOf(AuditEntry) },
    args: ({ query }) => [query],
  }),
  route({
    id: 'exportAudit',
    method: 'get',
    path: '/admin/audit/export',
    verb: exportAudit,
    tag: 'Audit',
    summary: 'Download the audit trail as an NDJSON or CSV file, newest first',
    query: ExportAuditQuery,
    files: ['application/x-ndjson', 'text/csv'],
    answers: { 200: null },
    args: ({ query }) => [query],
  }),
] as const;
