import { notFound } from '../../../kernel/errors';
import { verb } from '../../access/verb';
import { change } from '../../change/change';

/** Deletes an uploaded wheel. Sets that were made of it keep their own files. */
export const deletePackage = verb('package.write', async (ctx, sha256: string): Promise<void> => {
  const { packages } = ctx.store;
  const wheel = await packages.wheel(sha256);
  if (wheel === undefined) throw notFound('package');
  await change(ctx, {
    action: 'package.delete',
    id: wheel.file,
    changes: { sha256 },
    write: packages.removeWheel(sha256),
  });
  // Last: a row without its content would be taken for an upload.
  ctx.defer(packages.dropWheelFile(sha256));
});
