import * as z from 'zod';
import { METHODS } from '../../../kernel/http-methods';

export const ExplainAccessInput = z.strictObject({
  as: z.union([
    z.strictObject({ user: z.string().max(128) }),
    z.strictObject({ key: z.string().max(64) }),
    z.strictObject({
      token: z
        .string()
        .regex(/^[\x21-\x7e]{1,8192}$/, 'must be 1 to 8192 visible ASCII characters')
        .meta({ description: 'A bearer token: of this service, or of one of the issuers. It is not stored' }),
    }),
    z.strictObject({ anonymous: z.literal(true) }),
  ]),
  method: z.enum(METHODS).optional().meta({ description: 'Method of the call' }),
  address: z
    .union([z.ipv4(), z.ipv6()])
    .optional()
    .meta({ description: 'Address from which the call comes, such as 192.0.2.7' }),
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
        message: z.string().optional().meta({ description: 'Why it is refused, or what it depends on' }),
      }),
    )
    .meta({ description: 'In the order of a call; `unknown` depends on the call itself' }),
});
export type ExplainedAccess = z.infer<typeof ExplainedAccess>;
