import * as z from 'zod';
import { Run } from '../../runs/run.schema';
import { METHODS } from '../../../kernel/http-methods';

export const TestEndpointInput = z.strictObject({
  parameters: z.record(z.string().max(64), z.json()).default({}).meta({
    description:
      'By name; missing ones take their test values. A file is {filename, type, text} or {filename, type, base64}',
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
        .regex(/^(?!\?)[^#\s]*$/, 'must be the text after the ?, without # and spaces')
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
    .meta({ description: 'Id of a step of a workflow: the run ends after it and returns its result' }),
  mocks: z
    .record(z.string().max(64), z.json())
    .optional()
    .meta({ description: 'Results by step: these steps of a workflow do not run' }),
  version: z.int().min(1).optional().meta({ description: 'Any version, deployed or not' }),
  source: z
    .string()
    .min(1)
    .optional()
    .meta({ description: 'Runs this source in the place of the saved versions; nothing is saved. Not for graphs' }),
  as: z
    .union([z.strictObject({ user: z.string().max(128) }), z.strictObject({ key: z.string().max(64) })])
    .optional()
    .meta({
      description:
        'The caller. Default: you, where users may call; the first key that the endpoint accepts, where keys may; else anonymous. A user by id or name, without built-in roles that you do not have',
    }),
  skipAccess: z
    .boolean()
    .default(false)
    .meta({ description: 'true: run although a live call of this caller would be refused; the response has the code' }),
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
      .meta({ description: 'The bytes of a body that is not UTF-8 text, which `body` cannot show; null for text' }),
  }),
  accessSkipped: z.string().nullable().meta({
    description: 'The error code that a live call would have got, where the test ran nevertheless; null for none',
  }),
});
export type TestResult = z.infer<typeof TestResult>;

/** An event of a test that runs. */
export const TestProgress = z.object({
  logs: Run.shape.logs.meta({ description: 'The lines since the last event' }),
  steps: Run.shape.steps.optional().meta({ description: 'All steps so far; absent when none has changed' }),
});
export type TestProgress = z.infer<typeof TestProgress>;
