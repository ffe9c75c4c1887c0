import './issue-text.rules';
import type { z } from 'zod';
import { ApiError, limitIssues, MAX_ISSUES, quoted, type ErrorCode, type Issue } from './errors';
import { pointerSegment } from './json-pointer';

const pointer = (base: string, path: PropertyKey[]): string =>
  path.reduce<string>((text, part) => text + pointerSegment(quoted(String(part))), base);

/** Converts an error of zod to issues with JSON Pointers, one for each unknown field, up to the number that a response lists. */
export function toIssues(error: z.ZodError, base: string = '#'): Issue[] {
  const issues: Issue[] = [];
  let total = 0;
  for (const issue of error.issues) {
    total += issue.code === 'unrecognized_keys' ? issue.keys.length : 1;
    const room = MAX_ISSUES - issues.length;
    if (room > 0) issues.push(...issuesOf(issue, base, room));
  }
  return limitIssues(issues, total);
}

function issuesOf(issue: z.core.$ZodIssue, base: string, room: number): Issue[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.slice(0, room).map((key) => ({
      pointer: pointer(base, [...issue.path, key]),
      code: 'unknown_field',
      message: 'unknown field',
    }));
  }
  const custom: unknown = issue.code === 'custom' ? issue.params?.code : undefined;
  return [
    {
      pointer: pointer(base, issue.path),
      code: typeof custom === 'string' ? custom : issue.code,
      message: issue.message,
    },
  ];
}

/** Codes specific enough to become the code of the whole response. */
const SPEAKING: readonly ErrorCode[] = ['unknown_field', 'invalid_path', 'reserved_path', 'weak_key', 'weak_password'];

/** Returns the first of several issues as one sentence. `nameOf` names the place of an issue in the terms of a wire. */
export function summary(issues: readonly Issue[], nameOf: (pointer: string) => string, separator: string): string {
  const [first] = limitIssues(issues.slice(0, 1));
  const name = nameOf(first!.pointer);
  const more = issues.at(-1)!.code === 'more' ? 'more' : issues.length > 1 ? `${issues.length - 1} more` : null;
  return `${name === '' ? 'The body' : name}${separator}${first!.message}${more === null ? '' : ` (and ${more}, see errors)`}`;
}

/** 422 for a body. When all issues are of one speaking kind, that is the code of the whole. */
export function invalidInput(issues: Issue[]): ApiError {
  const speaking = SPEAKING.find((code) => issues.every((issue) => issue.code === code || issue.code === 'more'));
  return new ApiError(
    speaking ?? 'invalid_input',
    summary(issues, (at) => at.slice(2), ': '),
    { issues },
  );
}

/** 422 for one field. */
export const invalidField = (at: string, code: string, message: string): ApiError =>
  invalidInput([{ pointer: `#/${at}`, code, message }]);
