import type { Settings } from '../access/settings';
import { verb } from '../access/verb';
import { addAuditRow } from '../audit/audit-row';
import { toIso } from '../../kernel/clock';
import { newId } from '../../kernel/ids';
import { keyedHash } from '../../kernel/signed';
import type { BackupManifest } from './backup.schema';

/**
 * Takes a snapshot of both databases, and lists the parts of a backup. Pages of the tables show that moment; batches of the run log are
 * those that are stored by now, and files all that the snapshot names and later ones.
 */
export const takeBackup = verb('backup.take', async (ctx): Promise<BackupManifest> => {
  const id = newId('bak', ctx.now());
  const runs = await ctx.runArchive.parts();
  const { at, tables } = await ctx.store.snapshots.take(id);
  await addAuditRow(ctx, 'backup.take', id);
  return {
    format: 1,
    id,
    at: toIso(at),
    origin: ctx.origin,
    incarnation: await ctx.store.restores.incarnation(),
    schema: await ctx.store.staging.schema(),
    secrets: secretMarks(ctx.settings),
    parts: [
      ...tables.map(({ database, table, rows }) => ({ name: `${database}/${table}`, size: rows })),
      ...runs,
      { name: 'files', size: 0 },
    ],
  };
});

const MARK_CHARS = 16;

/** Returns a mark of each secret that stored data depends on: another secret has another mark, and no mark reveals its secret. */
export function secretMarks({ authSecret, keyPepper, secretsKey }: Settings): BackupManifest['secrets'] {
  const mark = (secret: string | Uint8Array | null): string | null =>
    secret && keyedHash(secret, 'backup', 'mark').slice(0, MARK_CHARS);
  return { AUTH_SECRET: mark(authSecret), KEY_PEPPER: mark(keyPepper), SECRETS_KEY: mark(secretsKey) };
}
