import { createLogger } from '../../kernel/logger';
import { SetRefused } from '../code/set-refused';
import type { Context } from '../access/context';

/** Retired sets that one run deletes. */
const MAX_DELETED = 20;
/** Milliseconds that a retired set stays: a handler that is being saved may have it. */
const STAYS_MS = 3_600_000;
/** Snapshots of a set that stay: of this version of the runtime, and of the one before, while a deploy is gradual. */
const KEPT = 2;

const log = createLogger('retention');

/**
 * Deletes the files of retired package sets that no version of a handler needs, and makes one snapshot, where a set has none for this version
 * of the runtime: until then its isolates start without one. Returns their numbers.
 */
export async function tendPackageSets(
  ctx: Pick<Context, 'store' | 'packageBuilder' | 'now'>,
): Promise<{ deleted: number; snapshots: number }> {
  const { packages } = ctx.store;
  const unneeded = await packages.unneeded(ctx.now() - STAYS_MS, MAX_DELETED);
  for (const { id } of unneeded) {
    // The files first: without the row nothing finds them any more.
    await packages.removeSetFiles(id);
    await packages.removeSet(id).run();
  }
  const { version } = ctx.packageBuilder;
  const old = await packages.withoutSnapshot(version);
  if (old === undefined) return { deleted: unneeded.length, snapshots: 0 };
  try {
    await ctx.packageBuilder.takeSnapshot(old.entry, old.preload);
  } catch (error) {
    if (!(error instanceof SetRefused)) throw error;
    // Not tried again for this version: the same packages fail in the same way.
    log.error('a package set has no snapshot', { event: 'packages.snapshot_failed', set: old.name, error });
  }
  const snapshots = [version, ...old.snapshots];
  for (const gone of snapshots.slice(KEPT)) await packages.removeSetFiles(old.id, gone);
  await packages.noteSnapshots(old.id, snapshots.slice(0, KEPT));
  return { deleted: unneeded.length, snapshots: 1 };
}
