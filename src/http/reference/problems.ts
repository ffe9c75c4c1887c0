import type { ZodOpenApiResponseObject } from 'zod-openapi';
import * as z from 'zod';
import { ERROR_CODES, type ErrorCode } from '../../kernel/errors';
import { SourceIssue } from '../../core/publishing/handlers/handler.schema';
import { Use } from '../../core/uses/use.schema';
import { STATUS, titleOf } from '../wire/errors';

const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int().min(400).max(599),
    detail: z.string(),
    code: z.enum(ERROR_CODES),
    requestId: z.string(),
    errors: z.array(SourceIssue).optional(),
    policy: z.string().optional().meta({ description: 'Of 429: the limit, as `RateLimit-Policy` names it' }),
    uses: z.array(Use).optional().meta({ description: 'Of 409 in_use: its uses that you may see, at most 100' }),
  })
  .meta({ id: 'Problem', description: 'RFC 9457 problem details. The guide to errors explains every `code`.' });

interface Refusal {
  name: string;
  description: string;
  code: ErrorCode;
  detail: string;
}

const FAILED: Refusal = {
  name: 'Failed',
  description: 'Refused for another reason, or failed.',
  code: 'internal',
  detail: 'Something failed inside Portico. The operator can find it in the log by the request id.',
};

/** Reasons for errors by status, each with an example of the problem. */
const REFUSALS: Record<string, Refusal> = {
  400: {
    name: 'BadRequest',
    description: 'The body is not JSON, or a query value, path value or header is not valid for this operation.',
    code: 'invalid_json',
    detail: 'The body is not JSON: line 1, column 2.',
  },
  401: {
    name: 'Unauthorized',
    description: 'No credential, or one that is invalid here.',
    code: 'auth_required',
    detail: 'Sign in first: send Authorization: Bearer <accessToken>.',
  },
  403: {
    name: 'Forbidden',
    description: 'Your roles do not permit this.',
    code: 'forbidden',
    detail: 'Your roles do not permit endpoint.write.',
  },
  404: {
    name: 'NotFound',
    description: 'It does not exist, or you do not have access to it.',
    code: 'not_found',
    detail: 'Endpoint not found, or you do not have access to it.',
  },
  409: {
    name: 'Conflict',
    description:
      'It conflicts with the current state: a name is taken, a resource is in use, or the first request with this Idempotency-Key is still running.',
    code: 'path_taken',
    detail: 'The endpoint ep_0VbfL2Kx8pTqR4sW already answers POST at quote.',
  },
  412: {
    name: 'PreconditionFailed',
    description: 'It has changed since the revision in `If-Match`.',
    code: 'stale_revision',
    detail: 'This resource has changed since you read it (now revision 4). Fetch it again and retry.',
  },
  413: {
    name: 'ContentTooLarge',
    description: 'The body is larger than this operation allows.',
    code: 'body_too_large',
    detail: 'The body is larger than 4194304 bytes.',
  },
  415: {
    name: 'UnsupportedMediaType',
    description: 'This operation does not accept the content type.',
    code: 'unsupported_media_type',
    detail: 'Send application/json.',
  },
  422: {
    name: 'UnprocessableContent',
    description: 'Some fields are invalid: `errors` lists all issues.',
    code: 'invalid_input',
    detail: 'path must be 1 to 64 of A-Z a-z 0-9 _ -, without slashes',
  },
  429: {
    name: 'TooManyRequests',
    description: 'Too many attempts: wait for `Retry-After` seconds.',
    code: 'rate_limited',
    detail: 'Too many attempts. Try again in 60 s.',
  },
};

export interface ProblemForm {
  /** Prefix of the names of its components. */
  prefix: string;
  type: string;
  schema: z.ZodType;
  toExample: (code: ErrorCode, detail: string) => object;
}

/** Responses by status; `default` is for all others. */
export type Problems = Record<string, ZodOpenApiResponseObject>;

/** Returns the problems of a wire in its format. Each is a single object, so that the document has it once, as a component. */
export function describeProblems(form: ProblemForm): Problems {
  const all = { ...REFUSALS, default: FAILED };
  return Object.fromEntries(
    Object.entries(all).map(([status, { name, description, code, detail }]) => [
      status,
      {
        id: `${form.prefix}${name}`,
        description,
        content: { [form.type]: { schema: form.schema, example: form.toExample(code, detail) } },
      },
    ]),
  );
}

/** Returns the problems of an operation, and the default for all others. */
export const pickProblems = (
  problems: Problems,
  statuses: Iterable<number>,
): Record<`${number}` | 'default', ZodOpenApiResponseObject> => ({
  ...(Object.fromEntries([...statuses].map((status) => [status, problems[status]!])) as Record<
    `${number}`,
    ZodOpenApiResponseObject
  >),
  default: problems.default!,
});

/** Problems in the format of Portico's own wires. */
export const PROBLEMS = describeProblems({
  prefix: '',
  type: 'application/problem+json',
  schema: Problem,
  toExample: (code, detail) => ({
    type: `urn:portico:error:${code}`,
    title: titleOf(code),
    status: STATUS[code],
    detail,
    code,
    requestId: 'req_0Vc0ExampleRequest01',
  }),
});
