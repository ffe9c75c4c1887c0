import * as z from 'zod';
import { PageQuery } from '../../../kernel/page';
import { parseRequirement } from '../../code/requirement.rules';

/** Bytes of an uploaded wheel. The Worker that checks it has it in memory, beside everything else: an isolate has 128 MB. */
export const MAX_WHEEL_BYTES = 16 << 20;

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256, 64 hexadecimal digits');

export const UploadPackageQuery = z.strictObject({
  file: z
    .string()
    .max(200)
    .regex(/^[^/\\]+\.whl$/, 'must be the name of a wheel, such as six-1.17.0-py2.py3-none-any.whl')
    .meta({ description: 'Name of the file as the index has it: it says what the package is and what it runs on' }),
  sha256: Sha256.meta({ description: 'SHA-256 of the file; another content is refused' }),
});
export type UploadPackageQuery = z.infer<typeof UploadPackageQuery>;

/** A wheel that was uploaded. */
export const UploadedPackage = z.object({
  sha256: z.string(),
  file: z.string(),
  name: z.string(),
  version: z.string(),
  requires: z.array(z.string()).meta({ description: 'Packages that it needs, as its metadata has them' }),
  bytes: z.int(),
  createdAt: z.iso.datetime(),
  createdBy: z.string(),
});
export type UploadedPackage = z.infer<typeof UploadedPackage>;

export const PackageParams = z.strictObject({ hash: Sha256 });

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
  uploaded: z
    .boolean()
    .meta({ description: 'True for a set of uploaded packages; false for one that came with the deploy' }),
});
export type PackageSetSummary = z.infer<typeof PackageSetSummary>;

export const PackageSetParams = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'must be lower case, at most 40 characters'),
});

export const PutPackageSetInput = z.strictObject({
  requirements: z
    .array(
      z
        .string()
        .max(200)
        .refine((text) => parseRequirement(text) !== null, 'must be a package with versions, such as six or six>=1.17'),
    )
    .min(1)
    .max(50)
    .meta({ description: 'Packages of the set, of those that were uploaded; what they need is added' }),
  preload: z
    .array(
      z
        .string()
        .max(200)
        .regex(/^[A-Za-z_][\w.]*$/, 'must be the name of a module'),
    )
    .max(100)
    .optional()
    .meta({ description: 'Modules in the memory snapshot. Default: all that the requirements bring' }),
});
export type PutPackageSetInput = z.infer<typeof PutPackageSetInput>;

export const ListPackagesQuery = PageQuery;
export type ListPackagesQuery = z.infer<typeof ListPackagesQuery>;
export const ListPackageSetsQuery = PageQuery;
export type ListPackageSetsQuery = z.infer<typeof ListPackageSetsQuery>;
