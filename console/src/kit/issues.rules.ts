import type { ProblemIssue } from '../api/problem';

/** Checks whether a pointer of an issue, `#/access/keys/0`, is at or below `/access/keys`. */
export const isAt = (pointer: string, place: string): boolean =>
  pointer === `#${place}` || pointer.startsWith(`#${place}/`);

/** Returns the messages at a place, one after the other, or undefined. */
export function messagesAt(issues: readonly ProblemIssue[], place: string): string | undefined {
  const found = issues.filter(({ pointer }) => isAt(pointer, place)).map(({ message }) => message);
  return found.length === 0 ? undefined : [...new Set(found)].join('; ');
}
