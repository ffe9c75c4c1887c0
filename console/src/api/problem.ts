import type { ErrorCode } from '../../../src/kernel/errors';
import type { Use } from '../../../src/core/uses/use.schema';

/** An issue of one part of a request. `pointer` is a URI fragment, such as `#/access/keys/0`. */
export interface ProblemIssue {
  pointer: string;
  code: string;
  message: string;
  /** Of a file: the line, from 1. */
  line?: number;
}

/** A refusal by the service. `code` is one of docs/errors.md. */
export class Problem extends Error {
  readonly status: number;
  readonly code: ErrorCode | 'unreadable';
  readonly requestId: string;
  readonly issues: readonly ProblemIssue[];
  readonly uses: readonly Use[];
  constructor(
    status: number,
    code: Problem['code'],
    detail: string,
    requestId: string,
    issues: readonly ProblemIssue[] = [],
    uses: readonly Use[] = [],
  ) {
    super(detail);
    this.name = 'Problem';
    this.status = status;
    this.code = code;
    this.requestId = requestId;
    this.issues = issues;
    this.uses = uses;
  }
}

/** No answer came: the browser is offline, or the service does not listen. */
export class Unreachable extends Error {
  constructor(cause: unknown) {
    super('The service cannot be reached.', { cause });
    this.name = 'Unreachable';
  }
}

interface ProblemBody {
  code?: Problem['code'];
  detail?: string;
  requestId?: string;
  errors?: ProblemIssue[];
  uses?: Use[];
}

/** Reads the problem document of a refusal. A proxy may have answered something else. */
export async function readProblem(response: Pick<Response, 'status' | 'headers' | 'text'>): Promise<Problem> {
  const text = await response.text();
  const body = parse(text);
  const requestId = body.requestId ?? response.headers.get('x-request-id') ?? '';
  const detail = body.detail ?? `The service answered ${response.status}.`;
  return new Problem(response.status, body.code ?? 'unreadable', detail, requestId, body.errors, body.uses);
}

function parse(text: string): ProblemBody {
  try {
    return JSON.parse(text) as ProblemBody;
  } catch {
    return {};
  }
}
