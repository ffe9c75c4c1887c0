import * as z from 'zod';

const RATE_WINDOW = {
  limit: z.int().min(1).max(1_000_000),
  windowSeconds: z.int().min(1).max(86_400),
  by: z.enum(['key', 'ip', 'user']).default('ip'),
};
/** Calls that an endpoint takes in windows of time. */
export const RateLimit = z.strictObject({
  ...RATE_WINDOW,
  also: z
    .array(z.strictObject(RATE_WINDOW))
    .max(3)
    .optional()
    .meta({ description: 'Further windows: a call must fit into all of them' }),
  whenUnavailable: z
    .enum(['refuse', 'allow'])
    .optional()
    .meta({ description: 'What becomes of a call that cannot be counted: refuse (503) is the default' }),
});

/** Bounds of one call. */
export const Limits = z.strictObject({
  timeoutMs: z
    .int()
    .min(1)
    .max(300_000)
    .meta({ description: 'Wall time until the last byte of the response' })
    .default(10_000),
  cpuMs: z
    .int()
    .min(1)
    .max(300_000)
    .meta({ description: 'Enforced by Cloudflare, not on a local machine' })
    .default(1000),
  subrequests: z
    .int()
    .min(0)
    .max(1000)
    .meta({ description: 'Requests that one call may send, each redirect included' })
    .default(20),
  hostCalls: z
    .int()
    .min(0)
    .max(1000)
    .meta({ description: 'Operations on tables, and calls of other handlers, that one call may ask for' })
    // D1 takes 1,000 statements for one call [Cloudflare's limit], and an operation on a table takes about two.
    .default(400),
  bodyBytes: z.int().min(0).max(26_214_400).default(1_048_576),
  responseBytes: z.int().min(1).max(104_857_600).default(1_048_576),
  steps: z.int().min(1).max(10_000).optional().meta({ description: 'Steps that one run of a workflow may take' }),
  rounds: z.int().min(1).max(100_000).optional().meta({ description: 'Iterations of loops that one run may take' }),
});
export type Limits = z.infer<typeof Limits>;
