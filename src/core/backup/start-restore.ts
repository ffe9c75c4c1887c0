import type { Context } from '../access/context';
import { actorLabel } from '../access/permissions';
import { verb } from '../access/verb';
import { newId } from '../../kernel/ids';
import { invalidField, invalidInput } from '../../kernel/issues';
import type { BackupManifest, StartRestoreInput } from './backup.schema';
import { secretMarks } from './take-backup';

const EFFECTS: Record<string, string> = {
  AUTH_SECRET: 'tokens for callers do not work',
  KEY_PEPPER: 'API keys do not work',
  SECRETS_KEY: 'secrets of handlers cannot be read',
};

/** Tables that have rows in a service that is in use. Users are in every one. */
const IN_USE = ['handlers', 'endpoints', 'keys', 'tokens', 'secrets', 'tables', 'graphs', 'nodes'] as const;

/**
 * Begins a restore, in the place of an unfinished one: creates the tables that its parts are loaded into. Nothing in use changes. Throws 422
 * for a backup of another release, of a service with other secrets, and where this service is not empty.
 */
export const startRestore = verb('backup.restore', async (ctx, input: StartRestoreInput): Promise<{ id: string }> => {
  await assertSameSchema(ctx, input.backup);
  assertSameSecrets(ctx, input);
  if (!input.replace) await assertEmpty(ctx);
  const now = ctx.now();
  const id = newId('rst', now);
  await ctx.store.staging.dropAll();
  await ctx.store.restores.insert({ id, startedAt: now, startedBy: actorLabel(ctx.actor), backup: input.backup });
  await ctx.store.staging.createDefinitions(id);
  return { id };
});

async function assertSameSchema(ctx: Context, { schema }: BackupManifest): Promise<void> {
  const own = await ctx.store.staging.schema();
  const sorted = (one: Record<string, string[]>): string =>
    JSON.stringify(
      Object.entries(one)
        .map(([table, columns]) => [table, columns.toSorted()])
        .toSorted(),
    );
  if (sorted(own) !== sorted(schema))
    throw invalidField(
      'backup/schema',
      'other_release',
      'is of a release with other tables. Deploy the release of the backup, restore it, and deploy this one again.',
    );
}

function assertSameSecrets({ settings }: Context, { backup, otherSecrets }: StartRestoreInput): void {
  const own = secretMarks(settings);
  const differing = Object.keys(own).filter(
    (name) => own[name] !== backup.secrets[name] && !otherSecrets.includes(name),
  );
  if (differing.length > 0)
    throw invalidInput(
      differing.map((name) => ({
        pointer: `#/backup/secrets/${name}`,
        code: 'other_secret',
        message: `differs from this service's: ${EFFECTS[name]}. Set ${name} to the value of its time, or name it in otherSecrets.`,
      })),
    );
}

async function assertEmpty({ store }: Context): Promise<void> {
  const found = await store.staging.firstUsed(IN_USE);
  if (found !== null)
    throw invalidField(
      'replace',
      'not_empty',
      `must be true: this service has ${found}, and the restore deletes them.`,
    );
}
