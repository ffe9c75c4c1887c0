import type { Context } from '../access/context';
import { verb } from '../access/verb';
import { addAuditRow } from '../audit/audit-row';
import { notFound } from '../../kernel/errors';
import { invalidField } from '../../kernel/issues';
import type { BackupManifest, RestoreReport } from './backup.schema';
import { isAbandoned } from './drop-abandoned-copies';
import { parsePart } from './part-names';

const MAX_RETURNED = 1000;

/**
 * Puts what was loaded in the place of what is in use, and ends all sessions: the rows of tables in one transaction, and then the
 * definitions in another. Repeating it after a failure goes on. Throws 422 while rows are missing; nothing in use has changed then.
 */
export const finishRestore = verb('backup.restore', async (ctx, id: string): Promise<RestoreReport> => {
  const { restores, staging } = ctx.store;
  const row = await restores.get(id);
  if (row === undefined) throw notFound('restore');
  if (row.report !== null) return row.report;
  const now = ctx.now();
  if (isAbandoned(row, now)) throw notFound('restore');
  await assertComplete(ctx, id, row.backup);
  const report: RestoreReport = {
    incarnation: Math.max(await restores.incarnation(), row.backup.incarnation) + 1,
    sessionsEnded: await staging.countSessions(now),
    ...(await staging.returned(id, now, MAX_RETURNED)),
  };
  await staging.swapRows(id);
  // False: a restore that began later has replaced this one.
  if (!(await staging.swapDefinitions(id, report, Date.parse(row.backup.at), ctx.now()))) throw notFound('restore');
  ctx.cache.invalidate();
  await staging.dropAll();
  await addAuditRow(ctx, 'backup.restore', id, { backup: row.backup.id, incarnation: report.incarnation });
  return report;
});

async function assertComplete({ store }: Context, id: string, { parts }: BackupManifest): Promise<void> {
  // The rows are in place when an earlier try has replaced them and failed then.
  if (await store.staging.hasSwappedRows(id)) return;
  const tables = parts.flatMap(({ name, size }) => {
    const named = parsePart(name);
    return named?.kind === 'table' ? [{ ...named, name, size }] : [];
  });
  const counts = await store.staging.count(id, tables);
  tables.forEach(({ name, size }, index) => {
    if (counts[index] !== size) throw incomplete(name, size, counts[index]!);
  });
}

const incomplete = (name: string, size: number, found: number) =>
  invalidField('backup/parts', 'incomplete', `${name} has ${size} rows, and ${found} were loaded. Load it again.`);
