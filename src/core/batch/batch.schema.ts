import * as z from 'zod';
import { MAX_READ_CHARS, MAX_READS } from './batch.rules';

const Path = z
  .string()
  .max(MAX_READ_CHARS)
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
