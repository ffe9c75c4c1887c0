import { verb } from '../access/verb';
import { toIso } from '../../kernel/clock';
import type { RestoreRow } from '../../storage/restores';
import type { Restore } from './backup.schema';

const LIMIT = 100;

/** Lists the latest restores, newest first. */
export const listRestores = verb('backup.restore', async (ctx): Promise<{ items: Restore[] }> => ({
  items: (await ctx.store.restores.list(LIMIT)).map(toRestore),
}));

const toRestore = ({ id, startedAt, finishedAt, backup, report }: RestoreRow): Restore => ({
  id,
  startedAt: toIso(startedAt),
  finishedAt: finishedAt === null ? null : toIso(finishedAt),
  backup: { id: backup.id, at: backup.at, origin: backup.origin },
  report,
});
