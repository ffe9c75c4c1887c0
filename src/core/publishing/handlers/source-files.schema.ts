import * as z from 'zod';

/** Maximum number of files of one handler. */
const MAX_FILES = 200;
/** Maximum size of the files of one version together, in UTF-8 bytes. */
export const MAX_FILES_BYTES = 2_097_152;

const Hash = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 hex digits in lower case');

/** A path in a project. Without hidden names and packages: a pull writes these files. */
export const FilePath = z
  .string()
  .min(1)
  .max(512)
  .regex(/^[^\u0000-\u001f\u007f\\:]+$/, 'must not contain control characters, backslashes or colons')
  .refine((path) => !path.split('/').some((name) => name === '' || name.startsWith('.') || name === 'node_modules'), {
    message: 'must not have an empty or hidden name, or node_modules',
  });

/** Parts of a handler of many files: its identity is the hash of this, as canonical JSON. */
export const SourceFiles = z.strictObject({
  files: z
    .array(z.strictObject({ path: FilePath, sha256: Hash }))
    .min(1)
    .max(MAX_FILES)
    .meta({
      description: 'Sorted by path, from the folder of the project. `handlers/<path of the handler>` is the entry',
    }),
  packages: z
    .array(z.strictObject({ name: z.string().max(214), version: z.string().max(256), sha256: Hash }))
    .max(1000)
    .meta({ description: 'Packages that the code contains; `sha256` is of the files that were used' }),
  tool: z.string().min(1).max(100).meta({ description: 'Bundler with its version; `none` for Python' }),
});
export type SourceFiles = z.infer<typeof SourceFiles>;

/** A handler of many files, for a save. */
export interface BuiltFiles {
  document: SourceFiles;
  /** Texts by path. */
  texts: Record<string, string>;
  /** The module that runs, and its source map with paths as in `files`; null for Python, whose files run as they are. */
  module: { code: string; map: string } | null;
}
