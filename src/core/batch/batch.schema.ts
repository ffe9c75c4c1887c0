import * as z from 'zod';

/** Reads of one batch: the largest screen of the console has nine. */
export const MAX_READS = 20;

const Path = z
  .string()
  .max(4096)
  .regex(/^\/admin\/[!-~]*$/, 'must start with /admin/ and be encoded as in a URL')
  .meta({ description: 'Path and query of a GET of this API that answers with JSON' });

export const ReadBatchInput = z.strictObject({
  paths: z
    .array(Path)
    .min(1)
    .max(MAX_READS)
    .refine((paths) => new Set(paths).size === paths.length, 'must not have a path twice')
    .meta({ description: `1 to ${MAX_READS} different ones` }),
});

export const Batch = z.object({
  answers: z.array(
    z.object({
      path: z.string().meta({ description: 'As it was sent' }),
      status: z.int().meta({ description: 'Status that the read has alone' }),
      body: z.unknown().meta({ description: 'Body that the read has alone: of an error, its problem details' }),
    }),
  ),
});
