import type { Context } from '../access/context';
import { CSV_TYPE, NDJSON_TYPE, streamParts, toNdjson, type ExportedFile } from '../../kernel/stream-parts';
import { writeCsv } from '../../kernel/csv.rules';
import { verb } from '../access/verb';
import type { AuditEntry, ExportAuditQuery } from './audit.schema';
import { toAuditEntry, toAuditFilter } from './list-audit';

/** Rows that one statement reads. */
const PAGE = 500;

const HEADING = ['id', 'at', 'actorKind', 'actorId', 'action', 'object', 'objectId', 'requestId', 'changes'];

/** Exports the audit trail, newest first, as a stream with one page in memory at a time. `changes` is JSON text in CSV. */
export const exportAudit = verb('audit.read', async (ctx, query: ExportAuditQuery): Promise<ExportedFile> => {
  const { format, ...filter } = query;
  const isCsv = format === 'csv';
  const body = await streamParts(pages(ctx, filter, isCsv ? toCsv : toNdjson));
  return { type: isCsv ? CSV_TYPE : NDJSON_TYPE, filename: `audit.${format}`, body };
});

async function* pages(
  ctx: Context,
  query: Omit<ExportAuditQuery, 'format'>,
  write: (entries: AuditEntry[], first: boolean) => string,
): AsyncGenerator<string, void, void> {
  const filter = await toAuditFilter(ctx, query);
  let position: { at: number; id: string } | null = null;
  for (;;) {
    const rows = await ctx.store.audit.list(filter, position, PAGE);
    yield write(rows.map(toAuditEntry), position === null);
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) return;
    position = { at: last.at, id: last.id };
  }
}

function toCsv(entries: AuditEntry[], first: boolean): string {
  const lines = entries.map(({ id, at, actor, action, object, objectId, requestId, changes }) => [
    ...[id, at, actor.kind, actor.id, action, object, objectId, requestId],
    JSON.stringify(changes),
  ]);
  return writeCsv(first ? [HEADING, ...lines] : lines);
}
