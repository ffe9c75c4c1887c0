import { AuditEntry, ExportAuditQuery, ListAuditQuery } from '../../core/audit/audit.schema';
import { exportAudit } from '../../core/audit/export-audit';
import { listAudit } from '../../core/audit/list-audit';
import { pageOf } from '../../kernel/page';
import { route, type Route } from '../wire/route';

export const auditRoutes: Route[] = [
  route({
    id: 'listAudit',
    method: 'get',
    path: '/admin/audit',
    policy: 'audit.read',
    tag: 'Audit',
    summary: 'Who changed what, newest first',
    query: ListAuditQuery,
    answers: { 200: pageOf(AuditEntry) },
    run: async (ctx, { query }) => ({ body: await listAudit(ctx, query) }),
  }),
  route({
    id: 'exportAudit',
    method: 'get',
    path: '/admin/audit/export',
    policy: 'audit.read',
    tag: 'Audit',
    summary: 'Download the audit trail as an NDJSON or CSV file, newest first',
    query: ExportAuditQuery,
    files: ['application/x-ndjson', 'text/csv'],
    answers: { 200: null },
    run: async (ctx, { query }) => ({ file: await exportAudit(ctx, query) }),
  }),
];
