import { AuditEntry, ListAuditQuery } from '../../core/audit/audit.schema';
import { listAudit } from '../../core/audit/list-audit';
import { pageOf } from '../../core/page';
import { route, type Route } from '../route';

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
];
