import { readCursor, toPage, type Page } from '../../../kernel/page';
import { verb } from '../../access/verb';
import type { ListPackagesQuery, UploadedPackage } from './package.schema';
import { toUploaded } from './upload-package';

/** Lists uploaded wheels, newest first. */
export const listPackages = verb(
  'handler.read',
  async (ctx, { limit, cursor }: ListPackagesQuery): Promise<Page<UploadedPackage>> => {
    const rows = await ctx.store.packages.listWheels(readCursor(cursor), limit + 1);
    return toPage(rows, limit, ({ createdAt, sha256 }) => ({ at: createdAt, id: sha256 }), toUploaded);
  },
);
