import * as z from 'zod';

export const ExplainAccessInput = z.strictObject({
  as: z.union([
    z.strictObject({ user: z.string().max(128) }),
    z.strictObject({ key: z.string().max(64) }),
    z.strictObject({ anonymous: z.literal(true) }),
  ]),
});
export type ExplainAccessInput = z.infer<typeof ExplainAccessInput>;

export const ExplainedAccess = z.object({
  admitted: z.boolean().meta({ description: 'True when no check refuses the caller' }),
  caller: z.object({ kind: z.string(), id: z.string().nullable(), name: z.string(), roles: z.array(z.string()) }),
  steps: z
    .array(
      z.object({
        check: z.string(),
        result: z.enum(['passed', 'refused', 'unknown']),
        code: z.string().optional().meta({ description: 'The error code that the caller would get' }),
        message: z.string().optional(),
      }),
    )
    .meta({ description: 'In the order of a call; `unknown` depends on the call itself' }),
});
export type ExplainedAccess = z.infer<typeof ExplainedAccess>;
