import * as z from 'zod';
import { PageQuery } from '../../../kernel/page';

/** A set of Python packages, as the API lists it. A handler declares packages; it does not name a set. */
export const PackageSetSummary = z.object({
  name: z.string(),
  packages: z.array(
    z.object({
      name: z.string(),
      version: z.string(),
      /** Names that a script imports. */
      modules: z.array(z.string()),
    }),
  ),
  /** Bytes of memory: what its snapshot needs, and the limit, after which Python raises a MemoryError. */
  memory: z.object({ snapshot: z.number(), limit: z.number() }),
});
export type PackageSetSummary = z.infer<typeof PackageSetSummary>;

export const ListPackageSetsQuery = PageQuery;
export type ListPackageSetsQuery = z.infer<typeof ListPackageSetsQuery>;
