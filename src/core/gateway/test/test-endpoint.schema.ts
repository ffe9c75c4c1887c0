import * as z from 'zod';
import { Run } from '../../runs/run.schema';
import { METHODS } from '../../publishing/endpoints/endpoint.schema';

export const TestEndpointInput = z.strictObject({
  parameters: z.record(z.string().max(64), z.json()).default({}).meta({
    description:
      'By name; what is missing takes its test value. A file is {filename, type, text} or {filename, type, base64}',
  }),
  request: z
    .strictObject({
      method: z.enum(METHODS).optional(),
      path: z
        .string()
        .max(2048)
        .regex(
          /^(\/[^?#\s]*)?$/,
          'must be empty, or start with / and have no ?, # or space; the query is a field of its own',
        )
        .default(''),
      query: z
        .string()
        .max(8192)
        .regex(/^(?!\?)[^#\s]*$/, 'must be what follows the ?, without # and spaces')
        .default(''),
      headers: z
        .record(
          z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}$/, 'must be the name of a header'),
          z
            .string()
            .max(8192)
            .regex(/^[\t\x20-\x7e]*$/, 'must be one line of ASCII'),
        )
        .default({}),
      body: z.string().nullable().default(null),
    })
    .prefault({}),
  until: z
    .string()
    .max(64)
    .optional()
    .meta({ description: 'Id of a step of a workflow: the run ends after it and answers its result' }),
  mocks: z
    .record(z.string().max(64), z.json())
    .optional()
    .meta({ description: 'Results by step: these steps of a workflow are not run' }),
  version: z.int().min(1).optional().meta({ description: 'Any version, deployed or not' }),
  as: z
    .union([z.strictObject({ user: z.string().max(128) }), z.strictObject({ key: z.string().max(64) })])
    .optional()
    .meta({
      description:
        'Who calls. When left out: you, where people may call; the first key that the endpoint accepts, where keys may; else a stranger. A user by id or name, without built-in roles that you do not have',
    }),
  skipAccess: z
    .boolean()
    .default(false)
    .meta({ description: 'true: run it although a live call of theirs would be refused; the answer says so' }),
});
export type TestEndpointInput = z.infer<typeof TestEndpointInput>;

export const TestResult = z.object({
  run: Run,
  response: z.object({
    status: z.int(),
    headers: z.record(z.string(), z.string()),
    body: z.string(),
    base64: z
      .string()
      .nullable()
      .meta({ description: 'The bytes of a body that is not text in UTF-8, which `body` cannot show; null for text' }),
  }),
  accessSkipped: z.string().nullable().meta({
    description:
      'The code of the refusal that a live call would have got, where the test ran all the same; null for none',
  }),
});
export type TestResult = z.infer<typeof TestResult>;
