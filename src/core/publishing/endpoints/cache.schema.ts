import * as z from 'zod';
import { isClosedToParameters } from '../../../kernel/http-headers';

/** `header:accept-language` or `query:page`. */
const Varying = z
  .string()
  .regex(
    /^(header:[a-z0-9!#$%&'*+.^_`|~-]{1,64}|query:[^\0-\x1f]{1,64})$/,
    'must be header: and a name in lower case, or query: and a name',
  )
  .refine((text) => !text.startsWith('header:') || !isClosedToParameters(text.slice(7)), {
    message: 'is a header that handlers do not see',
    params: { code: 'closed_header' },
  });

const BY = ['principal', 'key', 'all'] as const;

/** How long answers to GET are kept, and for whom. */
export const Cache = z
  .strictObject({
    ttlSeconds: z.int().min(1).max(86_400),
    by: z.enum(BY).default('principal').meta({
      description:
        'principal: each caller has answers of their own. key: the same, for API keys only. all: callers share them, and the handler sees no caller',
    }),
    vary: z.array(Varying).max(20).default([]).meta({
      description:
        '`header:<name>` adds a header that the handler sees. `query:<name>`: only these fields of the query count, beside parameters. None: the whole query',
    }),
  })
  .nullable()
  .meta({ description: 'How long answers to GET are kept, and for whom. null: the handler runs for every call' });
export type Cache = z.infer<typeof Cache>;
